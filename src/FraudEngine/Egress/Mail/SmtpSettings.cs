using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit.Security;

namespace FraudEngine.Egress.Mail;

/// <summary>Which server sends e-mail, and how it is spoken to.</summary>
/// <param name="User">Empty where there is no login.</param>
/// <param name="From">The sender, such as <c>Example Bank &lt;alerts@example.com&gt;</c>.</param>
/// <param name="StartTls">Whether nothing is sent before the connection is secure.</param>
/// <param name="Timeout">From connecting to the server's last answer.</param>
internal sealed record SmtpSettings(string Host, int Port, string User, string Password, string From, bool StartTls, TimeSpan Timeout)
{
    // Where the connection is secure from its first byte on (RFC 8314).
    private const int TlsPort = 465;

    // That a certificate is for servers.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Connections that are kept.</summary>
    public int ConnectionsMax { get; init; } = 1;

    /// <summary>Authorities that may sign the server's certificate, besides the system's.</summary>
    public X509Certificate2Collection Roots { get; init; } = [];

    public SecureSocketOptions Security =>
        !StartTls ? SecureSocketOptions.None : Port == TlsPort ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls;

    /// <summary>Reads authorities from a file in PEM; none where the path is empty. Throws <see cref="InvalidDataException"/> where there are none in it.</summary>
    public static X509Certificate2Collection ReadRoots(string path)
    {
        var roots = new X509Certificate2Collection();
        if (path.Length == 0)
        {
            return roots;
        }

        try
        {
            roots.ImportFromPemFile(path);
        }
        catch (Exception reason) when (reason is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"Email:CaFile is '{path}', but can't be read: {reason.Message}");
        }

        return roots.Count > 0 ? roots : throw new InvalidDataException($"Email:CaFile is '{path}', but has no certificate in PEM.");
    }

    /// <summary>Whether the server is who it should be: its name must be in its certificate whoever has signed it.</summary>
    public bool IsTrusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || Roots.Count == 0 || certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(Roots);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var sent in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(sent.Certificate);
        }

        return own.Build(server);
    }
}
