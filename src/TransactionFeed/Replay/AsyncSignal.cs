using System.Threading.Channels;

namespace TransactionFeed.Replay;

/// <summary>Wakes one waiting task. Raised while nobody waits, it is remembered, once.</summary>
internal sealed class AsyncSignal
{
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise() => _raised.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken stop) => await _raised.Reader.ReadAsync(stop);
}
