using FraudEngine.Egress;
using FraudEngine.Ingress.FastLane;

namespace FraudEngine.Hosting;

/// <summary>Lets clients that ask plainly listen for alerts in the lane, where one takes half of the memory.</summary>
internal sealed class LaneAlerts(AlertStream alerts) : ILaneFeed
{
    public Task ServeAsync(PlainFeed request, FeedResponse response, CancellationToken aborted) =>
        alerts.ServeAsync(request.Account, request.After, new Output(response), aborted);

    private sealed class Output(FeedResponse response) : IAlertOutput
    {
        public void Begin() => response.Begin();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> events, CancellationToken cancellation) => response.WriteAsync(events, cancellation);
    }
}
