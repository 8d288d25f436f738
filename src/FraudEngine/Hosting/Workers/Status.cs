namespace FraudEngine.Hosting.Workers;

/// <summary>Gathers what the table shows; rates are those since it was read last.</summary>
internal sealed class Status(IReadOnlyList<WorkerSlot> workers, WorkerProbe probe, TimeProvider clock)
{
    private readonly Dictionary<int, (int? Pid, long Decided, long At)> _before = [];

    public async Task<IReadOnlyList<WorkerRow>> ReadAsync()
    {
        var ready = workers.FirstOrDefault(static worker => worker.State == WorkerState.Ready);
        var shards = ready is null ? new Dictionary<string, int>() : await probe.ShardsAsync(ready.OwnUrl);
        return await Task.WhenAll(workers.Select(worker => ReadAsync(worker, shards)));
    }

    private async Task<WorkerRow> ReadAsync(WorkerSlot worker, IReadOnlyDictionary<string, int> shards)
    {
        var pid = worker.Pid;
        var measured = worker.State == WorkerState.Ready ? await probe.MeasureAsync(worker.OwnUrl) : null;
        return new WorkerRow(
            worker.Number, worker.Name, pid, worker.State, worker.Since, worker.Restarts, shards.TryGetValue(worker.Name, out var owned) ? owned : null, Rate(worker.Number, pid, measured?.Decided),
            measured?.InFlight, worker.OwnUrl.GetLeftPart(UriPartial.Authority));
    }

    private double? Rate(int number, int? pid, long? decided)
    {
        lock (_before)
        {
            var now = clock.GetTimestamp();
            double? rate = decided is { } count && _before.TryGetValue(number, out var before) && before.Pid == pid
                ? (count - before.Decided) / clock.GetElapsedTime(before.At, now).TotalSeconds
                : null;
            if (decided is { } known)
            {
                _before[number] = (pid, known, now);
            }

            return rate;
        }
    }
}
