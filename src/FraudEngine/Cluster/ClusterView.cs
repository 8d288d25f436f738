using System.Collections.Immutable;

namespace FraudEngine.Cluster;

/// <summary>The cluster as one node sees it.</summary>
/// <param name="Owners">By shard: the name of the node that owns it; null where that is not known now.</param>
public sealed record ClusterView(string Node, bool IsReady, ImmutableArray<MemberView> Members, ImmutableArray<string?> Owners);

/// <summary>A node.</summary>
/// <param name="Name">As configured; stays the same over restarts.</param>
/// <param name="Life">The id of its present life.</param>
/// <param name="Url">Where it takes requests.</param>
/// <param name="State"><c>starting</c>, <c>joining</c>, <c>ready</c>, <c>leaving</c>, or <c>apart</c>: it can't reach the database.</param>
/// <param name="StartedTicks">UTC ticks.</param>
/// <param name="DecidedPerSecond">Transactions that its shards decided, lately.</param>
/// <param name="ForwardedPerSecond">Transactions that it forwarded to other nodes, lately.</param>
/// <param name="InFlight">Transactions in its admission.</param>
/// <param name="Lag">Seconds since what it has in flight longest came in; 0 where nothing waits.</param>
public sealed record MemberView(
    string Name, string Life, string Url, string State, long StartedTicks, ImmutableArray<int> Shards, double DecidedPerSecond, double ForwardedPerSecond, int InFlight, double Lag);
