using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FraudEngine.Tests.Hosting;

namespace FraudEngine.Tests.Servers;

/// <summary>An authority that nobody knows, and a server's certificate that it has signed, in PEM files.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="name">For which the certificate is made out.</param>
    public TestCertificates(string name)
    {
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        using var authorityKey = RSA.Create(2048);
        var authorityRequest = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = authorityRequest.CreateSelfSigned(from, from.AddDays(30));
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, from, from.AddDays(20), [1, 2, 3, 4]);
        AuthorityFile = _folder.PathOf("authority.pem");
        CertificateFile = _folder.PathOf("certificate.pem");
        KeyFile = _folder.PathOf("key.pem");
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        Port = EngineProcess.FreePort();
    }

    public string AuthorityFile { get; }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    /// <summary>A free one for the server that uses them.</summary>
    public int Port { get; }

    public void Dispose() => _folder.Dispose();
}
