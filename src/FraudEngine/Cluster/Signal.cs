using System.Threading.Channels;

namespace FraudEngine.Cluster;

/// <summary>Wakes a loop that waits. Set many times before the loop comes to it, it wakes the loop once.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true, AllowSynchronousContinuations = false });

    private int _isSet;

    /// <summary>From any thread; cheap where it is set already.</summary>
    public void Set()
    {
        if (Volatile.Read(ref _isSet) == 0 && Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _channel.Writer.TryWrite(true);
        }
    }

    /// <summary>Waits until it is set, and resets it: what is set afterwards wakes again. False when it was ended.</summary>
    public async ValueTask<bool> WaitAsync()
    {
        if (!await _channel.Reader.WaitToReadAsync())
        {
            return false;
        }

        _channel.Reader.TryRead(out _);
        Interlocked.Exchange(ref _isSet, 0);
        return true;
    }

    /// <summary>Ends the loop that waits.</summary>
    public void End() => _channel.Writer.TryComplete();
}
