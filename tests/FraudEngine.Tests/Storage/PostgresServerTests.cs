using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FraudEngine.Storage;
using FraudEngine.Storage.Postgres;
using FraudEngine.Tests.Servers;
using Npgsql;

namespace FraudEngine.Tests.Storage;

/// <summary>With servers of their own: one that is killed, and one that speaks TLS.</summary>
public sealed class PostgresServerTests
{
    [PostgresFact]
    public async Task A_server_that_is_killed_and_comes_back_is_used_again_with_all_that_was_answered()
    {
        using var server = await PostgresServer.StartAsync();
        await using var session = await JournalSession.StartAsync(await PostgresOpenTests.OpenAsync(server.ConnectionString), [0]);
        var journal = (PostgresJournal)session.Journal;
        session.Append("a", "t1");
        await session.SubmitAsync();
        Assert.Single(await session.EntriesAsync("a"));

        server.Kill();
        session.Append("a", "t2");
        session.Submit();
        await session.UntilFailedAsync(1);
        Assert.IsType<ShardLostException>(Assert.Single(session.Reasons));
        Assert.False(await journal.TryTakeAsync(0));
        Assert.False(journal.IsConnected);
        await Assert.ThrowsAsync<IOException>(journal.ReadHoldersAsync);

        await server.StartAgainAsync();
        await PostgresLockTests.TakeAgainAsync(journal, 0);
        session.Incarnation++;
        session.ForgetAccounts();
        await session.ContinueAsync(new() { ["a"] = 1 });
        session.Append("a", "t3");
        await session.SubmitAsync();
        Assert.Equal(["t3", "t1"], await session.EntriesAsync("a"));
    }

    [PostgresFact]
    public async Task Every_connection_is_made_over_TLS_and_only_to_the_server_that_the_certificate_is_of()
    {
        using var folder = new TemporaryFolder();
        var (certificate, key) = WriteCertificate(folder, "server");
        var (stranger, _) = WriteCertificate(folder, "stranger");
        using var server = await PostgresServer.StartAsync("ssl=on", $"ssl_cert_file={certificate}", $"ssl_key_file={key}");
        await using (var session = await JournalSession.StartAsync(
            await PostgresOpenTests.OpenAsync($"{server.ConnectionString};SSL Mode=VerifyFull;Root Certificate={certificate}"), [0]))
        {
            session.Append("a", alert: true, "t1");
            await session.SubmitAsync();
            Assert.Single(await session.Journal.ReadAlertsAsync(null, 0, 10));
            await using var connection = new NpgsqlConnection(server.ConnectionString + ";SSL Mode=Disable");
            await connection.OpenAsync();
            var isTls = await connection.RowsAsync("SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.application_name = 'life'", static row => row.GetBoolean(0));
            Assert.True(isTls.Count >= 2);
            Assert.DoesNotContain(false, isTls);
        }

        var reason = await Assert.ThrowsAsync<IOException>(
            () => PostgresOpenTests.OpenAsync($"{server.ConnectionString};SSL Mode=VerifyFull;Root Certificate={stranger}"));
        Assert.Contains("could not be reached over TLS", reason.Message, StringComparison.Ordinal);
    }

    private static (string Certificate, string Key) WriteCertificate(TemporaryFolder folder, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificateFile, keyFile) = (folder.Write($"{name}.crt", certificate.ExportCertificatePem()), folder.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
        Run("chmod", "600", keyFile);
        if (Environment.IsPrivilegedProcess)
        {
            // As whom the server runs then.
            Run("chmod", "755", Path.GetDirectoryName(keyFile)!);
            Run("chown", "postgres", keyFile);
        }

        return (certificateFile, keyFile);
    }

    private static void Run(string program, params string[] args)
    {
        using var process = Process.Start(program, args);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
