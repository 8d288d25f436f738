namespace FraudEngine.Cluster;

/// <summary>How a node takes part in a cluster.</summary>
public sealed record ClusterSettings
{
    /// <summary>The node's name, the same in each of its lives: by it shards are placed.</summary>
    public required string Node { get; init; }

    /// <summary>Where it takes requests.</summary>
    public string Url { get; init; } = "";

    /// <summary>How often each node says that it is there.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A node that has said nothing for so long is taken for gone, and its shards go to others.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A forwarded transaction that is not answered for so long is sent again; that is safe.</summary>
    public TimeSpan AskAgainAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A visit to another node's entity is forgotten after so long. Not shorter than the engine waits for it.</summary>
    public TimeSpan VisitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A transaction whose shard nobody owns, or whose owner does not answer, is refused after so long; it can be sent again.</summary>
    public TimeSpan ForwardTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
