using System.Security.Cryptography;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Trials;

/// <summary>What is tried, and against what.</summary>
/// <param name="Candidate">The rule set on trial.</param>
/// <param name="Windows">How far back windows reach and how late a transaction may come, as in the engine.</param>
public sealed record TrialSettings(RuleSet Candidate, WindowSettings Windows)
{
    private WindowPlans? _plans;

    /// <summary>The number that decisions of the candidate carry inside a trial.</summary>
    internal const int CandidateNumber = 2;

    /// <summary>The number that decisions of <see cref="Model"/> carry inside a trial.</summary>
    internal const int ModelNumber = 3;

    /// <summary>The number that decisions of <see cref="Against"/> carry inside a trial.</summary>
    internal const int AgainstNumber = 1;

    /// <summary>Decides beside the candidate, to be compared with it; null where stored decisions are compared, or none.</summary>
    public RuleSet? Against { get; init; }

    /// <summary>Scores beside the candidate's rules; null where no model does.</summary>
    public ScoringModel? Model { get; init; }

    /// <summary>The windows that the candidate and its model look at.</summary>
    public WindowPlans Plans => _plans ??= WindowPlans.Union(Candidate.Plans, ModelPlans);

    internal WindowPlans ModelPlans => Model?.Plans ?? WindowPlans.None(Windows);

    /// <summary>
    /// Whether rows must be tried one after the other, in their order, in a single partition: what one account sees depends on the others, through entities, or on
    /// labels that become known in between.
    /// </summary>
    public bool IsInOrder => NeedsOrder(Plans) || (Against is not null && NeedsOrder(Against.Plans));

    /// <summary>Transactions with event times in [from, to), in UTC ticks, are decided and compared; the others fill windows.</summary>
    public long FromTicks { get; init; } = long.MinValue;

    public long ToTicks { get; init; } = long.MaxValue;

    internal bool IsCompared(long ticks) => ticks >= FromTicks && ticks < ToTicks;

    /// <summary>How long after its transaction a label becomes known to windows over frauds.</summary>
    public TimeSpan LabelDelay { get; init; } = TimeSpan.FromDays(7);

    public NamedLists Lists { get; init; } = NamedLists.Empty;

    /// <summary>Accounts whose history is held at a time. When full, those are dropped whose windows are empty for whoever is not late; where there are none, the trial ends.</summary>
    public int AccountsMax { get; init; } = 1_000_000;

    /// <summary>Partitions of a trial run side by side; the report is the same however many there are.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Whether every fraud has a label, so that a transaction without one is genuine; else what it turned out to be is not known.</summary>
    public bool IsLabelled { get; init; }

    /// <summary>Seeds the hashes of ids, so that nobody can choose ids that collide.</summary>
    internal ulong Seed { get; } = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>How far behind the newest transaction the windows of whoever is not late reach, in ticks.</summary>
    internal long KeptTicks => Math.Max(Plans.KeptTicks, Against?.Plans.KeptTicks ?? 0);

    internal int AccountsPerPartition => (AccountsMax + Partitions - 1) / Partitions;

    private static bool NeedsOrder(WindowPlans plans) => !plans.Visited.IsEmpty || plans[EntityKind.Account].Specs.Any(static spec => spec.NeedsLabels);

    /// <summary>The partition that owns an account.</summary>
    public int PartitionOf(ReadOnlySpan<byte> accountId) => (int)(Hash64.Of(accountId) % (ulong)Partitions);
}
