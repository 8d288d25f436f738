using System.Diagnostics;

namespace TransactionFeed.Load;

/// <summary>JSON over many connections: closed, or open by a schedule that a thread of its own keeps.</summary>
internal sealed class JsonLoad : ILoad
{
    private readonly LoadSettings _settings;
    private readonly LoadClock _clock;
    private readonly JsonSender[] _senders;
    private readonly LoadMeter[] _meters;

    // Open: who has nothing to do, and what is due and has nobody to do it. At most as many as are due within the run.
    private readonly Lock _lock = new();
    private readonly Stack<JsonSender> _idle = [];
    private readonly Queue<long> _due = [];

    public JsonLoad(LoadSettings settings, LoadClock clock, LoadTemplates templates)
    {
        _settings = settings;
        _clock = clock;
        _meters = [.. Enumerable.Range(0, settings.Connections).Select(_ => new LoadMeter(clock))];
        _senders = [.. _meters.Select((meter, i) => new JsonSender(
            settings.Engine, new LoadPayloads(templates, clock, i, settings), meter, templates.LengthMax))];
    }

    public IEnumerable<LoadMeter> Meters => _meters;

    /// <summary>Scheduled and never answered, once the run has ended.</summary>
    public long Unanswered { get; private set; }

    public async Task ConnectAsync(CancellationToken stop)
    {
        foreach (var sender in _senders)
        {
            await sender.ConnectAsync(stop);
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var receiving = _senders.Select(sender => sender.ReceiveAsync(_settings.Mode == LoadMode.Open ? NextDue : NextNow, ended.Token)).ToArray();
        if (_settings.Mode == LoadMode.Open)
        {
            await Task.Factory.StartNew(() => KeepSchedule(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        else
        {
            Array.ForEach(_senders, sender => sender.Send(Stopwatch.GetTimestamp()));
            await LoadRun.UntilAsync(_clock.MeasureUntil, stop);
        }

        await LoadRun.DrainAsync(() => CountUnanswered() == 0, _settings.DrainMax, stop);
        Unanswered = CountUnanswered();
        await ended.CancelAsync();
        Array.ForEach(_senders, sender => sender.Dispose());
        await Task.WhenAll(receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private long CountUnanswered()
    {
        lock (_lock)
        {
            return _senders.LongCount(sender => sender.IsBusy) + _due.Count;
        }
    }

    private long? NextNow(JsonSender sender)
    {
        var now = Stopwatch.GetTimestamp();
        return now < _clock.MeasureUntil ? now : null;
    }

    private long? NextDue(JsonSender sender)
    {
        lock (_lock)
        {
            if (_due.TryDequeue(out var intended))
            {
                return intended;
            }

            _idle.Push(sender);
            return null;
        }
    }

    private void KeepSchedule(CancellationToken stop)
    {
        lock (_lock)
        {
            Array.ForEach(_senders, _idle.Push);
        }

        var interval = (double)Stopwatch.Frequency / _settings.Rate;
        var intended = _clock.Start;
        for (long i = 1; intended < _clock.MeasureUntil && !stop.IsCancellationRequested; i++)
        {
            LoadRun.SleepUntil(intended);
            JsonSender? sender;
            lock (_lock)
            {
                if (!_idle.TryPop(out sender))
                {
                    _due.Enqueue(intended);
                }
            }

            sender?.Send(intended);
            intended = _clock.Start + (long)(i * interval);
        }
    }
}
