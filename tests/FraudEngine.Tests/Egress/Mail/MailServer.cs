using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FraudEngine.Tests.Hosting;
using FraudEngine.Tests.TransactionFeed;

namespace FraudEngine.Tests.Egress.Mail;

/// <summary>An SMTP server (aiosmtpd) as a child process; <c>mail-server.py</c> says how it misbehaves.</summary>
internal sealed class MailServer : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private MailServer(TemporaryFolder folder, ChildProcess process, int port, string certificate) =>
        (_folder, _process, Port, Certificate) = (folder, process, port, certificate);

    public int Port { get; }

    /// <summary>The file of what must be trusted, where it speaks TLS.</summary>
    public string Certificate { get; }

    public static Task<MailServer> StartAsync() => StartAsync(login: false, tls: false);

    public static async Task<MailServer> StartAsync(bool login, bool tls)
    {
        var folder = new TemporaryFolder();
        var port = EngineProcess.FreePort();
        var script = Path.Combine(Repository.Root, "tests", "FraudEngine.Tests", "Egress", "Mail", "mail-server.py");
        string[] withLogin = login ? ["login"] : [];
        string[] withTls = tls ? ["tls", .. WriteCertificate(folder)] : [];
        var process = ChildProcess.Of(
            XgboostFactAttribute.Python, folder.PathOf(""), [script, port.ToString(CultureInfo.InvariantCulture), folder.PathOf(""), .. withLogin, .. withTls]);
        await process.UntilItPrintsAsync("ready");
        return new MailServer(folder, process, port, folder.PathOf("certificate.pem"));
    }

    /// <summary>What has arrived, in order; first whether it came securely, who logged in, and for whom it is.</summary>
    public IReadOnlyList<string> Mails => [.. Directory.GetFiles(_folder.PathOf(""), "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    /// <summary>Quoted-printable as text.</summary>
    public static string Decode(string quoted)
    {
        var text = quoted.Replace("=\r\n", "", StringComparison.Ordinal);
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isCode = text[i] == '=' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]);
            bytes.Add(isCode ? Convert.ToByte(text.Substring(i + 1, 2), 16) : (byte)text[i]);
            i += isCode ? 2 : 0;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }

    private static string[] WriteCertificate(TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return [folder.Write("certificate.pem", certificate.ExportCertificatePem()), folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem())];
    }
}
