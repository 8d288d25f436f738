using System.Text.Json;
using FraudEngine.Cluster;
using FraudEngine.Ingress;

namespace FraudEngine.Hosting;

/// <summary><c>GET /v1/cluster</c>: the cluster as this node sees it.</summary>
internal static class ClusterEndpoint
{
    private static readonly Problem NoCluster = new(404, "no-cluster", "No cluster", "This engine runs by itself. It is a node of a cluster when it has a PostgreSQL journal and a broker.");

    /// <param name="view">Null where the engine is no node of a cluster.</param>
    public static void Map(IEndpointRouteBuilder routes, Func<ClusterView?> view) => routes.MapGet("/v1/cluster", (RequestDelegate)(context =>
        view() is { } cluster ? JsonResponse.Write(context, json => Write(json, cluster)) : ProblemResponse.Write(context, NoCluster)));

    private static void Write(Utf8JsonWriter json, ClusterView cluster)
    {
        json.WriteString("node", cluster.Node);
        json.WriteBoolean("ready", cluster.IsReady);
        var owned = cluster.Owners.Count(static owner => owner is not null);
        json.WriteStartObject("shards");
        json.WriteNumber("owned", owned);
        json.WriteNumber("unowned", cluster.Owners.Length - owned);
        json.WriteEndObject();
        json.WriteStartArray("members");
        foreach (var member in cluster.Members)
        {
            json.WriteStartObject();
            Write(json, member);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("owners");
        foreach (var owner in cluster.Owners)
        {
            json.WriteStringValue(owner);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, MemberView member)
    {
        json.WriteString("name", member.Name);
        json.WriteString("life", member.Life);
        json.WriteString("url", member.Url);
        json.WriteString("state", member.State);
        json.WriteString("since", new DateTime(member.StartedTicks, DateTimeKind.Utc));
        json.WriteNumber("owned", member.Shards.Length);
        json.WriteStartArray("shards");
        foreach (var shard in member.Shards)
        {
            json.WriteNumberValue(shard);
        }

        json.WriteEndArray();
        json.WriteNumber("decidedPerSecond", Math.Round(member.DecidedPerSecond, 1));
        json.WriteNumber("forwardedPerSecond", Math.Round(member.ForwardedPerSecond, 1));
        json.WriteNumber("inFlight", member.InFlight);
        json.WriteNumber("lagSeconds", Math.Round(member.Lag, 3));
    }
}
