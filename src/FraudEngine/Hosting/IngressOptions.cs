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
    }

    internal IngressSettings ToSettings() => new() { DefaultCurrency = DefaultCurrency, AdmissionWaitMax = AdmissionWaitMax, StreamLinesMax = StreamLinesMax };
}
