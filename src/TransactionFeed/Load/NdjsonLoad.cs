namespace TransactionFeed.Load;

/// <summary>NDJSON over a few streams.</summary>
internal sealed class NdjsonLoad : ILoad
{
    private readonly LoadSettings _settings;
    private readonly LoadMeter[] _meters;
    private readonly NdjsonSender[] _senders;

    public NdjsonLoad(LoadSettings settings, LoadClock clock, LoadTemplates templates)
    {
        _settings = settings;
        _meters = [.. Enumerable.Range(0, settings.Streams).Select(_ => new LoadMeter(clock))];
        _senders = [.. _meters.Select((meter, i) => new NdjsonSender(
            settings, clock, new LoadPayloads(templates, clock, i, settings), meter, templates.LengthMax))];
    }

    public IEnumerable<LoadMeter> Meters => _meters;

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
        var receiving = _senders.Select(sender => sender.ReceiveAsync(ended.Token)).ToArray();
        await Task.WhenAll(_senders.Select((sender, i) => Task.Factory.StartNew(
            () => sender.Send(i, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        await LoadRun.DrainAsync(() => receiving.All(task => task.IsCompleted), _settings.DrainMax, stop);
        Unanswered = _senders.Sum(sender => sender.Unanswered);
        await ended.CancelAsync();
        Array.ForEach(_senders, sender => sender.Dispose());
        await Task.WhenAll(receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
