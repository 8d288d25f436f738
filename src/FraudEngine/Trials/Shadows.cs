using System.Collections.Immutable;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Trials;

/// <summary>
/// The candidates that follow a journal. Those that stand at the same position share one reading of it: all that are live do. Put up and removed from any
/// thread; <see cref="Step"/> is called by one.
/// </summary>
/// <param name="lists">The named lists as they are now.</param>
public sealed class Shadows(IJournal journal, IRuleStore store, WindowSettings windows, Func<NamedLists> lists, TimeProvider clock) : IDisposable
{
    /// <summary>At a time; one more is refused.</summary>
    public const int Max = 10;

    /// <summary>Read at a time, so that whoever reads the journal in between does not wait noticeably.</summary>
    private const int PageRows = 512;

    private readonly SemaphoreSlim _changing = new(1, 1);
    private ImmutableArray<Shadow> _all = [];

    /// <summary>Ordered by name.</summary>
    public ImmutableArray<Shadow> All => _all;

    /// <summary>Called when a shadow has come.</summary>
    internal Action Added { get; set; } = static () => { };

    public Shadow? Find(string name) => All.FirstOrDefault(shadow => shadow.Name == name);

    /// <summary>Puts those up again that are stored. They count from the journal what they had counted.</summary>
    public async Task RestoreAsync()
    {
        var sets = (await store.ReadRuleSetsAsync()).ToDictionary(static set => set.Number);
        foreach (var stored in await store.ReadShadowsAsync())
        {
            Add(Restore(stored, sets[stored.RuleSetNumber]));
        }
    }

    /// <summary>Puts a shadow up, in place of one of the same name: compared from now on, its windows filled from what was decided before.</summary>
    /// <param name="fileName">How errors name the rules.</param>
    public async Task<ShadowAnswer> PutAsync(string name, string rules, string fileName)
    {
        await _changing.WaitAsync();
        try
        {
            if (Find(name) is null && All.Length >= Max)
            {
                return new ShadowAnswer(null, []);
            }

            var candidate = RuleSet.Parse(rules, fileName, windows);
            var number = await store.RegisterAsync(candidate.Name, candidate.Version, candidate.Source, candidate.Reasons);
            var stored = new StoredShadow(name, number, await JournalEnd.FindAsync(journal, 0), clock.GetUtcNow().UtcTicks);
            await store.PutShadowAsync(stored);
            var shadow = Make(stored, candidate);
            Add(shadow);
            return new ShadowAnswer(shadow, []);
        }
        catch (RuleSetException wrong)
        {
            return new ShadowAnswer(null, wrong.Errors);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>False where there is none of that name.</summary>
    public async Task<bool> RemoveAsync(string name)
    {
        await _changing.WaitAsync();
        try
        {
            var isRemoved = await store.RemoveShadowAsync(name);
            _all = _all.RemoveAll(shadow => shadow.Name == name);
            return isRemoved;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>How many transactions are decided that the shadow has not looked at yet.</summary>
    public async Task<long> LagAsync(Shadow shadow) => await JournalEnd.FindAsync(journal, shadow.Position) - shadow.Position;

    public void Dispose() => _changing.Dispose();

    /// <summary>
    /// Reads the journal on by one page for each position that shadows stand at, so that one that fills its windows does not hold up those that are live.
    /// </summary>
    /// <returns>Whether there was anything to read.</returns>
    /// <exception cref="IOException">The journal can't be read now.</exception>
    internal bool Step()
    {
        var isAny = false;
        foreach (var group in All.Where(static shadow => shadow.State != ShadowState.Failed).GroupBy(static shadow => shadow.Position))
        {
            var rows = journal.ScanAsync(group.Key, PageRows).GetAwaiter().GetResult();
            isAny |= rows.Count > 0;
            foreach (var shadow in rows.Count > 0 ? group.AsEnumerable() : [])
            {
                Take(shadow, rows);
            }
        }

        return isAny;
    }

    /// <summary>A shadow that faults is out of it; the others never notice.</summary>
    private void Take(Shadow shadow, IReadOnlyList<JournalRow> rows)
    {
        var taking = new Task(() => shadow.Take(rows, lists()));
        taking.RunSynchronously(TaskScheduler.Default);
        if (taking.Exception is { } fault)
        {
            shadow.Fail(fault.GetBaseException().Message);
        }
    }

    private Shadow Restore(StoredShadow stored, StoredRuleSet set)
    {
        try
        {
            return Make(stored, RuleSet.Parse(set.Source, set.Reference, windows));
        }
        catch (RuleSetException wrong)
        {
            return new Shadow(stored, set.Reference, wrong.Message);
        }
    }

    private Shadow Make(StoredShadow stored, RuleSet candidate) => new(stored, new TrialSettings(candidate, windows) { Lists = lists() }, journal.Catalog);

    private void Add(Shadow shadow)
    {
        _all = [.. _all.Where(other => other.Name != shadow.Name).Append(shadow).OrderBy(static other => other.Name, StringComparer.Ordinal)];
        Added();
    }
}
