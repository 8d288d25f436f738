using FraudEngine.Engine;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.ObjectPool;

namespace FraudEngine.Ingress.FastLane;

/// <summary>
/// Answers plain single requests, plain streams and those who listen for alerts before the web server sees them: HTTP is most of what a lone transaction costs. At the first request that is anything else, or anything but whole,
/// valid and welcome, the connection is the web server's for good, with that request unread; so what is refused, slow, broken or unusual is answered by the ordinary route. Of what
/// runs before that route the lane knows nothing: middleware that is added there has to keep the lane away from what concerns it. ASP.NET's own request metrics count the ordinary route alone.
/// </summary>
internal sealed class Lane
{
    private DecisionEngine? _engine;
    private ObjectPool<SingleExchange>? _exchanges;
    private StreamExchange? _streams;

    /// <summary>What answers who listens for alerts; to be set before the server starts.</summary>
    public ILaneFeed? Feed { get; set; }

    /// <summary>To be called before the server starts; until then there is no lane.</summary>
    public void Open(DecisionEngine engine, ObjectPool<SingleExchange> exchanges, StreamExchange streams) => (_engine, _exchanges, _streams) = (engine, exchanges, streams);

    public void Use(KestrelServerOptions kestrel) =>
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => RunAsync(connection, next, kestrel.Limits)));

    private Task RunAsync(ConnectionContext connection, ConnectionDelegate next, KestrelServerLimits limits) =>
        _engine is null || _exchanges is null || _streams is null ? next(connection) : new LaneConnection(connection, _engine, _exchanges, _streams, Feed, limits).RunAsync(next);
}
