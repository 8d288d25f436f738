using FraudEngine.Ingress;

namespace FraudEngine.Hosting;

/// <summary>How transactions are taken in.</summary>
public sealed class IngressOptions
{
    public const string Section = "Ingress";

    /// <summary>The currency of a transaction that names none (ISO 4217).</summary>
    public string DefaultCurrency { get; set; } = "EUR";

    /// <summary>How long a single request waits for room before it is answered 503.</summary>
    public TimeSpan AdmissionWaitMax { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Lines of a stream that are read and not yet answered.</summary>
    public int StreamLinesMax { get; set; } = 2048;

    /// <summary>Streams open at a time.</summary>
    public int StreamsMax { get; set; } = 256;

    /// <summary>Bytes of answers that a stream holds for a client that sends without reading.</summary>
    public int StreamAnswerBytesMax { get; set; } = 64 << 20;

    /// <summary>Streams that may hold so many bytes of answers at a time.</summary>
    public int StreamsAheadMax { get; set; } = 8;

    internal IEnumerable<string> Problems()
    {
        if (DefaultCurrency.Length != 3 || !DefaultCurrency.All(char.IsAsciiLetterUpper))
        {
            yield return $"Ingress:DefaultCurrency is '{DefaultCurrency}', but must be three capital letters, such as EUR.";
        }

        if (AdmissionWaitMax < TimeSpan.Zero || AdmissionWaitMax > TimeSpan.FromMinutes(1))
        {
            yield return $"Ingress:AdmissionWaitMax is {AdmissionWaitMax}, but must be from 00:00:00 to 00:01:00.";
        }

        if (StreamLinesMax is < 1 or > 65_536)
        {
            yield return $"Ingress:StreamLinesMax is {StreamLinesMax}, but must be from 1 to 65536.";
        }

        if (StreamsMax is < 1 or > 100_000)
        {
            yield return $"Ingress:StreamsMax is {StreamsMax}, but must be from 1 to 100000.";
        }

        if (StreamAnswerBytesMax is < 65_536 or > 1 << 30)
        {
            yield return $"Ingress:StreamAnswerBytesMax is {StreamAnswerBytesMax}, but must be from 65536 to {1 << 30}.";
        }

        if (StreamsAheadMax is < 0 or > 100_000)
        {
            yield return $"Ingress:StreamsAheadMax is {StreamsAheadMax}, but must be from 0 to 100000.";
        }
    }

    internal IngressSettings ToSettings() => new()
    {
        DefaultCurrency = DefaultCurrency,
        AdmissionWaitMax = AdmissionWaitMax,
        StreamLinesMax = StreamLinesMax,
        StreamsMax = StreamsMax,
        StreamAnswerBytesMax = StreamAnswerBytesMax,
        StreamsAheadMax = StreamsAheadMax,
    };
}
