namespace FraudEngine.Ingress;

/// <summary>How transactions and labels are taken in.</summary>
public sealed record IngressSettings
{
    /// <summary>The currency of a transaction that names none.</summary>
    public string DefaultCurrency { get; init; } = "EUR";

    /// <summary>How long a single request waits for room before it is answered 503.</summary>
    public TimeSpan AdmissionWaitMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Lines of one stream that are read and not yet answered; when full the stream is not read.</summary>
    public int StreamLinesMax { get; init; } = 2048;

    /// <summary>Bytes of answers that one stream holds for a client that sends without reading; when full the stream is not read.</summary>
    public int StreamAnswerBytesMax { get; init; } = 64 << 20;

    /// <summary>Streams open at a time, of transactions or labels; one more is answered 503. Each takes up to 5 MB for its window of lines.</summary>
    public int StreamsMax { get; init; } = 256;

    /// <summary>Streams that may hold that much at a time; the others hold 64 KiB.</summary>
    public int StreamsAheadMax { get; init; } = 8;
}
