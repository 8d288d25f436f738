using System.ComponentModel;
using System.Globalization;

namespace FraudEngine.Hosting.Workers;

/// <summary>A worker over all its lives: started, started again when it dies, restarted when asked, and ended.</summary>
/// <param name="start">Starts a process of it.</param>
/// <param name="say">Told what happens to it.</param>
internal sealed class WorkerSlot(int number, string name, Uri ownUrl, Func<WorkerLife> start, WorkerProbe probe, TimeProvider clock, Action<string> say)
{
    /// <summary>A worker that has not stopped so long after it was asked to is killed; its successor finds all that it answered in the journal.</summary>
    public static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ReadyMax = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly BackOff _backOff = new();
    private TaskCompletionSource<bool> _next = NewReady();
    private TaskCompletionSource _pause = new();
    private WorkerLife? _life;
    private bool _isRestartAsked;
    private bool _isEnding;

    public int Number => number;

    public string Name => name;

    public Uri OwnUrl => ownUrl;

    public WorkerState State { get; private set; }

    /// <summary>The process; null between two of them.</summary>
    public int? Pid => _life?.Pid;

    /// <summary>Since when it is in its state.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>How often it was started again after it had died.</summary>
    public int Restarts { get; private set; }

    /// <summary>Keeps it running until <see cref="EndAsync()"/> is called.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            var readyFor = await LiveAsync();
            var wait = TimeSpan.Zero;
            lock (_lock)
            {
                if (_isEnding)
                {
                    Turn(WorkerState.Ended);
                    return;
                }

                if (!_isRestartAsked)
                {
                    wait = _backOff.Next(readyFor);
                    _pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    Turn(WorkerState.Waiting);
                }
            }

            if (wait > TimeSpan.Zero)
            {
                say(string.Create(CultureInfo.InvariantCulture, $"starts again in {wait.TotalSeconds} s"));
                await Task.WhenAny(_pause.Task, Task.Delay(wait, clock));
                Restarts++;
            }
        }
    }

    /// <summary>Ends its process and starts another. Gives whether that became ready in time.</summary>
    public async Task<bool> RestartAsync()
    {
        Task<bool> ready;
        WorkerLife? life;
        lock (_lock)
        {
            ready = _next.Task;
            life = _life;
            _isRestartAsked = true;
            _pause.TrySetResult();
            Turn(WorkerState.Stopping);
        }

        await EndAsync(life);
        await Task.WhenAny(ready, Task.Delay(ReadyMax, clock));
        return ready.IsCompleted && await ready;
    }

    /// <summary>Ends its process, for good.</summary>
    public Task EndAsync()
    {
        WorkerLife? life;
        lock (_lock)
        {
            _isEnding = true;
            life = _life;
            _pause.TrySetResult();
            Turn(WorkerState.Stopping);
        }

        return EndAsync(life);
    }

    public void Kill() => _life?.Kill();

    private static TaskCompletionSource<bool> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task EndAsync(WorkerLife? life)
    {
        if (life is not null && await life.EndAsync(StopMax, clock))
        {
            say($"had not stopped after {StopMax.TotalSeconds} s, and was killed");
        }
    }

    /// <summary>One life, from start to end; gives how long it was ready.</summary>
    private async Task<TimeSpan> LiveAsync()
    {
        TaskCompletionSource<bool> ready;
        WorkerLife life;
        var started = clock.GetTimestamp();
        lock (_lock)
        {
            if (_isEnding)
            {
                return TimeSpan.Zero;
            }

            ready = _next;
            _next = NewReady();
            _isRestartAsked = false;
            try
            {
                life = _life = start();
                Turn(WorkerState.Starting);
            }
            catch (Win32Exception reason)
            {
                say($"can't be started: {reason.Message}");
                ready.SetResult(false);
                return TimeSpan.Zero;
            }
        }

        using (life)
        {
            say($"started, process {life.Pid}");
            long? readyAt = null;
            if (await probe.UntilReadyAsync(ownUrl, life.Exited))
            {
                readyAt = clock.GetTimestamp();
                TurnReady();
                say(string.Create(CultureInfo.InvariantCulture, $"ready after {clock.GetElapsedTime(started).TotalSeconds:0.0} s, on its own at {ownUrl.GetLeftPart(UriPartial.Authority)}"));
                ready.SetResult(true);
            }

            var code = await life.Exited;
            say(HowItEnded(code));
            lock (_lock)
            {
                _life = null;
            }

            ready.TrySetResult(false);
            return readyAt is { } since ? clock.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    private static string HowItEnded(int code) => code switch
    {
        0 => "stopped",
        > 128 and < 160 => $"was killed by signal {code - 128}",
        _ => $"ended with exit code {code}",
    };

    private void TurnReady()
    {
        lock (_lock)
        {
            if (State == WorkerState.Starting)
            {
                Turn(WorkerState.Ready);
            }
        }
    }

    private void Turn(WorkerState state)
    {
        State = state;
        Since = clock.GetUtcNow();
    }
}
