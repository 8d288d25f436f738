using System.Threading.Channels;

namespace FraudEngine.Storage;

/// <summary>
/// Reads on in a shared journal whenever somebody says that there is something new, and each second. A reading that fails is repeated by then. One reading at a
/// time.
/// </summary>
public sealed class JournalFollower : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Func<Task> _readOn;
    private readonly Action<Exception>? _failed;
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ITimer _timer;
    private readonly Task _following;

    /// <param name="readOn">Faults with <see cref="IOException"/> or <see cref="InvalidDataException"/> where it can't.</param>
    /// <param name="failed">Told why, each time.</param>
    public JournalFollower(Func<Task> readOn, TimeProvider clock, Action<Exception>? failed = null)
    {
        (_readOn, _failed) = (readOn, failed);
        _timer = clock.CreateTimer(static follower => ((JournalFollower)follower!).Wake(), this, Interval, Interval);
        _following = FollowAsync();
    }

    /// <summary>Whether what is being read should come to an end.</summary>
    public bool IsEnding => _woken.Reader.Completion.IsCompleted;

    /// <summary>Perhaps there is something new. From any thread, at any rate.</summary>
    public void Wake() => _woken.Writer.TryWrite(true);

    /// <summary>To be called before the journal is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        _woken.Writer.TryComplete();
        await _timer.DisposeAsync();
        await _following;
    }

    private async Task FollowAsync()
    {
        await foreach (var _ in _woken.Reader.ReadAllAsync())
        {
            try
            {
                await _readOn();
            }
            catch (Exception reason) when (reason is IOException or InvalidDataException)
            {
                _failed?.Invoke(reason);
            }
        }
    }
}
