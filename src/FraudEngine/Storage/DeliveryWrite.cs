namespace FraudEngine.Storage;

/// <summary>Deliveries of a channel that wait to be stored with the next commit.</summary>
internal sealed record DeliveryWrite(string Channel, long Cursor, IReadOnlyList<Delivery> Changed)
{
    private readonly TaskCompletionSource _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Stored => _stored.Task;

    public void Succeed() => _stored.SetResult();

    public void Fail(Exception reason) => _stored.SetException(reason);
}
