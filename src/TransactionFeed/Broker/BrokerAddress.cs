using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;
using TransactionFeed.CommandLine;

namespace TransactionFeed.Broker;

/// <summary>Where a RabbitMQ broker listens, and as whom to go there.</summary>
internal sealed class BrokerAddress
{
    private readonly Uri _url;
    private readonly X509Certificate2Collection? _authorities;

    private BrokerAddress(Uri url, X509Certificate2Collection? authorities)
    {
        _url = url;
        _authorities = authorities;
    }

    /// <summary>Whether a text is meant to be a broker's address.</summary>
    public static bool IsMeant(string url) =>
        url.StartsWith("amqp://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("amqps://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Throws, with a line for the user that does not show the password, where the text is no address of a broker.</summary>
    /// <param name="authorities">A PEM file of the certificate authorities to trust instead of the system's; null for those.</param>
    public static BrokerAddress Parse(string url, string? authorities = null)
    {
        if (!IsMeant(url) || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0 || parsed.Segments.Length > 2)
        {
            throw FeedException.Usage(
                "That is not the address of a broker; one looks like amqp://user:password@127.0.0.1:5672/vhost, with special characters of the password escaped (%40 for @, %2F for /).");
        }

        return new BrokerAddress(parsed, authorities is null ? null : ReadAuthorities(authorities));
    }

    public ConnectionFactory NewFactory()
    {
        var factory = new ConnectionFactory
        {
            Uri = _url,
            ClientProvidedName = "TransactionFeed",

            // What is not confirmed is sent again in its order, which the client would not do.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(5),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
        };
        if (_authorities is not null)
        {
            factory.Ssl.CertificateValidationCallback = (_, certificate, _, problems) => IsTrusted(certificate, problems);
        }

        return factory;
    }

    /// <summary>Without user and password.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{_url.Scheme}://{_url.Host}{(_url.Port > 0 ? $":{_url.Port}" : "")}{_url.AbsolutePath}");

    private static X509Certificate2Collection ReadAuthorities(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? authorities : throw FeedException.Usage($"--ca: {file} has no certificate.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw FeedException.Usage($"--ca: {file} can't be read: {e.Message}");
        }
    }

    private bool IsTrusted(X509Certificate? certificate, SslPolicyErrors problems)
    {
        if (certificate is null || (problems & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var own = new X509Certificate2(certificate);
        return chain.Build(own);
    }
}
