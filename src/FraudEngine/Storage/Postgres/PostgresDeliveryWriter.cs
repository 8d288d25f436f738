namespace FraudEngine.Storage.Postgres;

/// <summary>Stores deliveries in the order in which they come, those that wait meanwhile with one commit.</summary>
/// <param name="store">Stores all or nothing. Faults with <see cref="IOException"/> or <see cref="InvalidDataException"/>.</param>
internal sealed class PostgresDeliveryWriter(Func<IReadOnlyList<DeliveryWrite>, Task> store)
{
    private const int RowsMax = 1_000;

    private readonly Lock _gate = new();
    private readonly Queue<DeliveryWrite> _waiting = new();
    private bool _isStoring;

    public Task WriteAsync(DeliveryWrite write)
    {
        lock (_gate)
        {
            _waiting.Enqueue(write);
            if (_isStoring)
            {
                return write.Stored;
            }

            _isStoring = true;
        }

        _ = StoreAsync();
        return write.Stored;
    }

    private async Task StoreAsync()
    {
        for (var group = Take(); group.Count > 0; group = Take())
        {
            if (await TryStoreAsync(group) is null)
            {
                group.ForEach(static write => write.Succeed());
                continue;
            }

            // Each by itself, so that what can't be stored fails nobody else.
            foreach (var write in group)
            {
                if (await TryStoreAsync([write]) is { } reason)
                {
                    write.Fail(reason);
                }
                else
                {
                    write.Succeed();
                }
            }
        }
    }

    private List<DeliveryWrite> Take()
    {
        lock (_gate)
        {
            var group = new List<DeliveryWrite>();
            for (var rows = 0; rows < RowsMax && _waiting.TryDequeue(out var write); rows += write.Changed.Count)
            {
                group.Add(write);
            }

            _isStoring = group.Count > 0;
            return group;
        }
    }

    private async Task<Exception?> TryStoreAsync(IReadOnlyList<DeliveryWrite> group)
    {
        try
        {
            await store(group);
            return null;
        }
        catch (Exception reason) when (reason is IOException or InvalidDataException)
        {
            return reason;
        }
    }
}
