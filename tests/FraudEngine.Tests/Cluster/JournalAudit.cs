using System.Diagnostics;

namespace FraudEngine.Tests.Cluster;

/// <summary>
/// Compares what a cluster stored with what its clients sent and were told, and with what one undisturbed node says to the same transactions. It knows nothing
/// of how the cluster works; the rules must look at accounts only, so that each account's order is all that a decision depends on.
/// </summary>
internal sealed class JournalAudit(SentBook book, StoredEntries stored)
{
    private const int ProblemsShown = 20;
    private readonly List<string> _problems = [];

    /// <summary>Waits until what went by the feed is stored, and fails with what is wrong.</summary>
    public static async Task CheckAsync(RunningCluster cluster, SentBook book, Action<string>? tell = null)
    {
        var watch = Stopwatch.StartNew();
        var last = 0L;
        await Eventually.ThatAsync(
            async () => (last = await StoredEntries.CountAsync(cluster.ConnectionString)) >= book.Count, $"all {book.Count} transactions were stored, not {last}", TimeSpan.FromSeconds(60));
        tell?.Invoke($"{book}; the last was stored {watch.Elapsed.TotalSeconds:0.0} s after the clients ended");
        var stored = await StoredEntries.ReadAsync(cluster.ConnectionString);
        var audit = new JournalAudit(book, stored);
        audit.CheckAgainstBook();
        if (audit._problems.Count == 0)
        {
            await audit.CheckAgainstSingleNodeAsync(cluster.Rules);
        }

        Assert.Empty(book.Errors.Take(ProblemsShown));
        Assert.Empty(audit._problems.Take(ProblemsShown));
    }

    /// <summary>Each transaction that was answered is stored, none is stored twice, and each account's stand in the order in which they were sent.</summary>
    private void CheckAgainstBook()
    {
        foreach (var (account, entries) in stored.Accounts)
        {
            if (!book.Accounts.TryGetValue(account, out var all))
            {
                _problems.Add($"Nobody sent anything of {account}.");
                continue;
            }

            var byId = all.ToDictionary(static sent => sent.TransactionId);
            var order = new List<Sent>();
            for (var i = 0; i < entries.Count; i++)
            {
                if (entries[i].Sequence != i + 1)
                {
                    _problems.Add($"{account}: entry {i + 1} has the sequence number {entries[i].Sequence}.");
                }

                var id = StoredEntries.TransactionIdOf(account, entries[i].Bytes);
                if (byId.Remove(id, out var sent))
                {
                    order.Add(sent);
                }
                else
                {
                    _problems.Add($"{account}: {id} is stored twice, or nobody sent it.");
                }
            }

            _problems.AddRange(byId.Values.Where(static lost => lost.Answer is not null || lost.IsOfFeed).Select(lost => $"{account}: {lost.TransactionId} was answered and is not stored."));
            CheckOrder(account, order);
        }

        _problems.AddRange(book.Accounts.Keys.Except(stored.Accounts.Keys).Select(account => $"Nothing of {account} is stored."));
    }

    private void CheckOrder(string account, List<Sent> order)
    {
        var wasRefused = order.Exists(static sent => sent.WasRefused);
        var sentMax = 0L;
        foreach (var sent in order)
        {
            // Where one was refused for the time being, the next under way may overtake it; but none that was sent after an answer stands before that.
            if (wasRefused ? sent.AnsweredAt > 0 && sent.AnsweredAt < sentMax : sent.SentAt < sentMax)
            {
                _problems.Add($"{account}: {sent.TransactionId} stands behind one that was sent later.");
            }

            sentMax = Math.Max(sentMax, sent.SentAt);
        }
    }

    /// <summary>A single node, given each account's transactions in the stored order, stores and answers the same.</summary>
    private async Task CheckAgainstSingleNodeAsync(string rules)
    {
        using var single = new SingleNode();
        var lines = stored.Accounts.Select(account =>
        {
            var byId = book.Accounts[account.Key].ToDictionary(static sent => sent.TransactionId);
            return account.Value.Select(entry => byId[StoredEntries.TransactionIdOf(account.Key, entry.Bytes)]).ToList();
        }).ToList();
        var (answers, entries) = await single.DecideAsync(rules, lines);
        foreach (var (account, expected) in entries.Accounts)
        {
            var found = stored.Accounts[account];
            if (found.Count != expected.Count)
            {
                _problems.Add($"{account}: {found.Count} entries, but {expected.Count} on a single node.");
                continue;
            }

            for (var i = 0; i < expected.Count; i++)
            {
                if (!found[i].Bytes.AsSpan().SequenceEqual(expected[i].Bytes))
                {
                    _problems.Add($"{account}: entry {i + 1} is {Convert.ToHexString(found[i].Bytes)}, but {Convert.ToHexString(expected[i].Bytes)} on a single node.");
                }
            }
        }

        foreach (var sent in book.Accounts.Values.SelectMany(static all => all).Where(static sent => sent.Answer is not null))
        {
            if (answers[(sent.AccountId, sent.TransactionId)] is var expected && expected != sent.Answer)
            {
                _problems.Add($"{sent.AccountId}: the answer to {sent.TransactionId} was {sent.Answer}, but is {expected} on a single node.");
            }
        }
    }
}
