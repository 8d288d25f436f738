using System.Threading.Channels;

namespace FraudEngine.Egress.Delivery;

/// <summary>Wakes a loop that waits: once, however often it was called meanwhile.</summary>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>From any thread, at any rate.</summary>
    public void Wake() => _woken.Writer.TryWrite(true);

    /// <summary>Ends when it was called since the last wait.</summary>
    public async ValueTask WaitAsync() => await _woken.Reader.ReadAsync();
}
