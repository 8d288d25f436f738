using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace FraudEngine.Messaging;

/// <summary>
/// The address of a broker: <c>amqp://user:password@host:port/vhost</c>, or <c>amqps://</c> for TLS. The query holds what TLS needs, under the names that RabbitMQ's
/// URI specification gives them: <c>cacertfile</c>, a PEM file of the authorities that may have signed the broker's certificate (the system's where it is not given),
/// and <c>server_name_indication</c>, the name for which it must be made out (the host where it is not given). The certificate is always checked.
/// </summary>
public static class BrokerUrl
{
    /// <summary>What is wrong with an address, without the password; null where nothing is.</summary>
    public static string? Check(Uri url)
    {
        try
        {
            Apply(url, new ConnectionFactory());
            return null;
        }
        catch (FormatException reason)
        {
            return reason.Message;
        }
    }

    internal static void Apply(Uri url, ConnectionFactory factory)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("amqp" or "amqps") || url.Host.Length == 0)
        {
            throw new FormatException("A broker's address begins with amqp:// or amqps:// and names a host.");
        }

        // Behind '#' or '/' of a password that is not escaped stands another part of the address, and before it a host that is a piece of the password.
        if (url.Fragment.Length > 0 || url.AbsolutePath.Contains('@', StringComparison.Ordinal))
        {
            throw new FormatException("A broker's address is amqp://user:password@host:port/vhost, with special characters of the password escaped (%40 for @, %23 for #, %2F for /).");
        }

        factory.Uri = new UriBuilder(url) { Query = "" }.Uri;
        string? authorities = null;
        var serverName = url.Host;
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
            switch (name)
            {
                case "cacertfile":
                    authorities = value;
                    break;
                case "server_name_indication":
                    serverName = value;
                    break;
                default:
                    throw new FormatException($"A broker's address may hold cacertfile and server_name_indication, but not {name}.");
            }
        }

        if (url.Scheme == "amqps")
        {
            factory.Ssl = new SslOption(serverName, enabled: true)
            {
                Version = SslProtocols.None,
                CertificateValidationCallback = authorities is null ? null : SignedBy(Load(authorities)),
            };
        }
        else if (authorities is not null)
        {
            throw new FormatException("A broker's address with cacertfile must begin with amqps://.");
        }
    }

    private static X509Certificate2Collection Load(string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new FormatException($"The broker's cacertfile {path} can't be read: {reason.Message}", reason);
        }

        return authorities.Count > 0 ? authorities : throw new FormatException($"The broker's cacertfile {path} holds no certificate.");
    }

    /// <summary>Accepts a certificate for the right name that only lacks an authority that the system knows, where one of these has signed it.</summary>
    private static RemoteCertificateValidationCallback SignedBy(X509Certificate2Collection authorities) => (_, certificate, sent, errors) =>
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None || certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(copy);
    };
}
