using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Windows;

namespace FraudEngine.Hosting;

/// <summary>How the engine is sized, and how far windows reach.</summary>
public sealed class EngineOptions
{
    public const string Section = "Engine";

    internal const string AllEntities = "terminal,merchant,device,counterparty";

    internal static readonly TimeSpan HorizonMin = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan HorizonMax = TimeSpan.FromDays(3660);

    /// <summary>Shards, 1 to 4096. Fixed for the data of a journal.</summary>
    public int Shards { get; set; } = 64;

    /// <summary>Transactions in flight; more wait at the door.</summary>
    public int InFlightMax { get; set; } = 8192;

    /// <summary>Accounts kept in memory.</summary>
    public int ResidentAccountsMax { get; set; } = 1_000_000;

    /// <summary>Terminals, merchants, devices and counterparties kept in memory.</summary>
    public int ResidentEntitiesMax { get; set; } = 1_000_000;

    /// <summary>The kinds of entities, beside accounts, that rules and models may look at, separated by commas; empty for none.</summary>
    public string Entities { get; set; } = AllEntities;

    /// <summary>How long a transaction waits for an entity that it visits, before it is decided without what that knows.</summary>
    public TimeSpan EntityTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest window.</summary>
    public TimeSpan Horizon { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How much older than its account's newest a transaction may be.</summary>
    public TimeSpan AllowedLateness { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How far ahead of the clock a transaction may be.</summary>
    public TimeSpan AheadMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Transactions kept per account; a window that reaches behind them gives Error.</summary>
    public int WindowEventsMax { get; set; } = 1_000_000;

    /// <summary>An account's snapshot is stored after this many of its transactions.</summary>
    public int SnapshotEvery { get; set; } = 512;

    internal IEnumerable<string> Problems() =>
    [
        .. Range(nameof(Shards), Shards, 1, 4096),
        .. Range(nameof(InFlightMax), InFlightMax, 1, 1_000_000),
        .. Range(nameof(ResidentAccountsMax), ResidentAccountsMax, 1, 100_000_000),
        .. Range(nameof(ResidentEntitiesMax), ResidentEntitiesMax, 1, 100_000_000),
        .. ReadEntities(Entities, out _) is { } wrong ? [$"Engine:Entities is '{Entities}', but takes {AllEntities} or some of them, and '{wrong}' is none."] : Array.Empty<string>(),
        .. Range(nameof(EntityTimeout), EntityTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)),
        .. Range(nameof(Horizon), Horizon, HorizonMin, HorizonMax),
        .. Range(nameof(AllowedLateness), AllowedLateness, TimeSpan.Zero, TimeSpan.FromDays(3660)),
        .. Range(nameof(AheadMax), AheadMax, TimeSpan.Zero, TimeSpan.FromDays(3660)),
        .. Range(nameof(WindowEventsMax), WindowEventsMax, 1, WindowPlan.EventsMaxLimit),
        .. Range(nameof(SnapshotEvery), SnapshotEvery, 1, 1_000_000),
    ];

    internal EngineSettings ToSettings() => new()
    {
        Shards = Shards,
        InFlightMax = InFlightMax,
        ResidentAccountsMax = ResidentAccountsMax,
        ResidentEntitiesMax = ResidentEntitiesMax,
        Entities = ReadEntities(Entities, out var kinds) is null ? kinds : [],
        EntityTimeout = EntityTimeout,
        SnapshotEvery = SnapshotEvery,
        AheadMax = AheadMax,
        Windows = new WindowSettings(Horizon.Ticks, AllowedLateness.Ticks, WindowEventsMax),
    };

    /// <summary>Reads kinds of entities that are separated by commas. Returns the first name that is none; null where all are.</summary>
    internal static string? ReadEntities(string names, out HashSet<EntityKind> kinds)
    {
        var all = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        kinds = [.. all.Select(static name => EntityKinds.Find(name))];
        return Array.Find(all, static name => !EntityKinds.Visited.Contains(EntityKinds.Find(name)));
    }

    private static IEnumerable<string> Range<T>(string name, T value, T min, T max)
        where T : IComparable<T> =>
        value.CompareTo(min) < 0 || value.CompareTo(max) > 0 ? [$"Engine:{name} is {value}, but must be from {min} to {max}."] : [];
}
