namespace FraudEngine.Trials;

/// <summary>
/// Lets shadows follow the journal, on a thread of their own below the priority of what answers transactions. It is woken by decisions and asks for nothing
/// while there are none.
/// </summary>
public sealed class ShadowFollower : IAsyncDisposable
{
    /// <summary>What is decided meanwhile is looked at together.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Shadows _shadows;
    private readonly AutoResetEvent _woken = new(initialState: false);
    private readonly ManualResetEvent _ending = new(initialState: false);
    private readonly Lock _lock = new();
    private Task? _following;
    private int _isAsleep;
    private bool _isDisposed;

    /// <summary>Begins with the first shadow.</summary>
    public ShadowFollower(Shadows shadows)
    {
        _shadows = shadows;
        shadows.Added = Begin;
        if (!shadows.All.IsEmpty)
        {
            Begin();
        }
    }

    /// <summary>Something was decided and is durable. From any thread, at any rate: it costs the reading of one variable, unless the shadows sleep.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _isAsleep) != 0 && Interlocked.Exchange(ref _isAsleep, 0) != 0)
        {
            lock (_lock)
            {
                // What is stored while the engine stops still wakes it.
                if (!_isDisposed)
                {
                    _woken.Set();
                }
            }
        }
    }

    /// <summary>Whether it waits to be woken.</summary>
    internal bool IsAsleep => Volatile.Read(ref _isAsleep) != 0;

    /// <summary>To be called before the journal is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        _ending.Set();
        if (_following is not null)
        {
            await _following;
        }

        lock (_lock)
        {
            _isDisposed = true;
            _woken.Dispose();
            _ending.Dispose();
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            _following ??= BackgroundThread.RunAsync(Follow);
        }

        Wake();
    }

    private void Follow()
    {
        while (!_ending.WaitOne(0))
        {
            if (Step())
            {
                continue;
            }

            // What becomes durable after this look finds it asleep, and wakes it.
            Interlocked.Exchange(ref _isAsleep, 1);
            if (Step())
            {
                Interlocked.Exchange(ref _isAsleep, 0);
                continue;
            }

            WaitHandle.WaitAny([_woken, _ending]);
            _ending.WaitOne(Gathering);
        }
    }

    private bool Step()
    {
        try
        {
            return _shadows.Step();
        }
        catch (Exception reason) when (reason is IOException or InvalidDataException)
        {
            // The journal could not be read; the transactions themselves find that out, too.
            _ending.WaitOne(RetryAfter);
            return true;
        }
    }
}
