using System.Diagnostics.CodeAnalysis;

namespace FraudEngine.Engine;

/// <summary>
/// Limits how many transactions are in flight: the one place that pushes back. A transaction enters before it is told to a shard and leaves when it is
/// answered. When full, HTTP waits briefly and is refused, a stream stops reading.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing but memory, and the last answers leave while the engine stops.")]
public sealed class Admission(int inFlightMax)
{
    private readonly SemaphoreSlim _free = new(inFlightMax, inFlightMax);

    /// <summary>Transactions in flight.</summary>
    public int InFlight => inFlightMax - _free.CurrentCount;

    /// <summary>Enters if there is room at once.</summary>
    public bool TryEnter() => _free.Wait(0);

    /// <summary>Enters as soon as there is room; false where there was none for <paramref name="waitMax"/>.</summary>
    public Task<bool> EnterAsync(TimeSpan waitMax, CancellationToken cancellation) => _free.WaitAsync(waitMax, cancellation);

    public void Leave(int transactions)
    {
        if (transactions > 0)
        {
            _free.Release(transactions);
        }
    }
}
