using TransactionFeed.Wire;

namespace TransactionFeed.Load;

/// <summary>What to measure, and for how long.</summary>
internal sealed record LoadSettings
{
    public const int ConnectionsMax = 20_000;

    public const int StreamsMax = 64;

    public required EngineAddress Engine { get; init; }

    public LoadMode Mode { get; init; } = LoadMode.Closed;

    public bool IsNdjson { get; init; }

    /// <summary>JSON: connections, each with one request at a time.</summary>
    public int Connections { get; init; } = 64;

    /// <summary>NDJSON: requests, each with up to <see cref="InFlightMax"/> lines that are not answered.</summary>
    public int Streams { get; init; } = 4;

    public int InFlightMax { get; init; } = 256;

    /// <summary>Open: transactions per second, all connections together.</summary>
    public int Rate { get; init; } = 1_000;

    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    public int Accounts { get; init; } = 10_000;

    /// <summary>The run whose accounts are used once more; null for new ones.</summary>
    public string? AccountsOf { get; init; }

    /// <summary>The number of the first account.</summary>
    public int FirstAccount { get; init; }

    /// <summary>How long ago event time begins, and ends.</summary>
    public TimeSpan EventsFrom { get; init; } = TimeSpan.FromDays(20);

    public TimeSpan EventsUntil { get; init; }

    public int Seed { get; init; } = 1;

    public int Subscribers { get; init; } = 1_000;

    /// <summary>The engine's processes, where they run on this machine: their CPU and memory are read.</summary>
    public IReadOnlyList<int> ServerPids { get; init; } = [];

    /// <summary>How many senders there are.</summary>
    public int Senders => IsNdjson ? Streams : Connections;

    /// <summary>How long answers are waited for after the end.</summary>
    public TimeSpan DrainMax { get; init; } = TimeSpan.FromSeconds(5);
}
