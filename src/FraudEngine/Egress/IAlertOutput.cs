namespace FraudEngine.Egress;

/// <summary>Where alerts go to as server-sent events, whoever speaks HTTP.</summary>
internal interface IAlertOutput
{
    /// <summary>Called once it is sure that there is something to be written; the head goes out with that.</summary>
    void Begin();

    /// <summary>Writes and sends; waits while the client is slow.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> events, CancellationToken cancellation);
}
