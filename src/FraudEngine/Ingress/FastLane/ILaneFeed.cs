namespace FraudEngine.Ingress.FastLane;

/// <summary>What answers a <see cref="PlainFeed"/>.</summary>
internal interface ILaneFeed
{
    /// <summary>Writes to the response until the client goes away or the engine stops. Where it does not begin the response, the ordinary route says why.</summary>
    /// <exception cref="IOException">The alerts can't be read.</exception>
    Task ServeAsync(PlainFeed request, FeedResponse response, CancellationToken aborted);
}
