using System.Net;
using System.Net.Sockets;
using FraudEngine.Egress.Delivery;
using FraudEngine.Egress.Mail;
using FraudEngine.Tests.Hosting;

namespace FraudEngine.Tests.Egress.Mail;

public sealed class SmtpSenderTests
{
    private static readonly MailContent Content = new("Zahlung über 5 €", "Grüße, Ümläute\n", "<p>Grüße, Ümläute</p>");

    [SmtpFact]
    public async Task A_mail_arrives_in_both_forms_with_its_headers()
    {
        using var server = await MailServer.StartAsync();

        Assert.Equal(SendResult.Delivered, await SendAsync(server.Port, "ann@example.com"));

        var mail = Assert.Single(server.Mails);
        Assert.Contains("X-To: ann@example.com\r\n", mail);
        Assert.Matches("(?m)^From: \"?Bank\"? <alerts@bank.example>\r$", mail);
        Assert.Matches("(?m)^To: ann@example.com\r$", mail);
        Assert.Matches("(?mi)^Message-ID: <key-1@bank.example>\r$", mail);
        Assert.Contains("Auto-Submitted: auto-generated\r\n", mail);
        Assert.Matches("(?m)^Subject: .*=[?]utf-8[?]", mail);
        Assert.Contains("multipart/alternative", mail);
        Assert.Equal(3, mail.Split("quoted-printable").Length);
        Assert.True(mail.IndexOf("text/plain", StringComparison.Ordinal) is > 0 and var plain && plain < mail.IndexOf("text/html", StringComparison.Ordinal));
        Assert.Contains("Grüße, Ümläute", MailServer.Decode(mail));
        Assert.Contains("<p>Grüße, Ümläute</p>", MailServer.Decode(mail));
    }

    [SmtpFact]
    public async Task What_a_server_says_to_an_address_is_about_the_address()
    {
        using var server = await MailServer.StartAsync();

        Assert.Equal(new SendResult("The server refuses the address (550).", IsPermanent: true, IsOfEndpoint: false), await SendAsync(server.Port, "refuse@example.com"));
        Assert.Equal(new SendResult("The server refuses the address (554).", IsPermanent: true, IsOfEndpoint: false), await SendAsync(server.Port, "relay@example.com"));
        Assert.Equal(new SendResult("The server does not take mail for the address now (451).", IsOfEndpoint: false), await SendAsync(server.Port, "busy@example.com"));
        Assert.Equal(new SendResult("The server does not take mail for the address now (452).", IsOfEndpoint: false), await SendAsync(server.Port, "full@example.com"));
        Assert.Empty(server.Mails);
    }

    [SmtpFact]
    public async Task A_server_that_hangs_or_cuts_the_connection_is_in_trouble()
    {
        using var server = await MailServer.StartAsync();

        var hanging = await SendAsync(server.Port, "hang@example.com", timeout: TimeSpan.FromSeconds(1));
        var cut = await SendAsync(server.Port, "cut@example.com");

        Assert.Equal(new SendResult("The server did not take it within 1 s."), hanging);
        Assert.Equal((false, true), (cut.IsPermanent, cut.IsOfEndpoint));
        Assert.StartsWith("The connection broke off", cut.Problem);
    }

    [SmtpFact]
    public async Task Sending_can_be_cancelled()
    {
        using var server = await MailServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var sending = SenderTo(server.Port).SendAsync("hang@example.com", "key-1", Content, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [SmtpFact]
    public async Task A_server_that_asks_for_a_login_gets_it()
    {
        using var server = await MailServer.StartAsync(login: true, tls: false);

        Assert.Equal(SendResult.Delivered, await SendAsync(server.Port, "ann@example.com", user: "alerts", password: "secret"));
        Assert.Contains("X-Login: alerts\r\n", Assert.Single(server.Mails));

        foreach (var (user, password) in ((string, string)[])[("alerts", "wrong"), ("", "")])
        {
            var refused = await SendAsync(server.Port, "ann@example.com", user: user, password: password);
            Assert.Equal(user.Length > 0 ? "The server refuses the login (Email:User, Email:Password)." : "The server asks for a login (Email:User, Email:Password).", refused.Problem);
            Assert.Equal((false, true), (refused.IsPermanent, refused.IsOfEndpoint));
        }

        Assert.Single(server.Mails);
    }

    [SmtpFact]
    public async Task Nothing_is_sent_in_clear_where_it_must_be_secure()
    {
        using var server = await MailServer.StartAsync();

        var refused = await SendAsync(server.Port, "ann@example.com", startTls: true);

        Assert.Equal((false, true), (refused.IsPermanent, refused.IsOfEndpoint));
        Assert.Contains("Email:StartTls", refused.Problem);
        Assert.Empty(server.Mails);
    }

    [SmtpFact]
    public async Task Nothing_is_sent_to_a_server_whose_certificate_is_not_trusted()
    {
        using var server = await MailServer.StartAsync(login: false, tls: true);

        var refused = await SendAsync(server.Port, "ann@example.com", startTls: true);

        Assert.Equal((false, true), (refused.IsPermanent, refused.IsOfEndpoint));
        Assert.StartsWith("The connection can't be made secure (TLS)", refused.Problem);
        Assert.Empty(server.Mails);
    }

    [SmtpFact]
    public async Task A_server_whose_authority_is_trusted_gets_many_messages_over_one_connection_but_only_under_its_name()
    {
        using var server = await MailServer.StartAsync(login: true, tls: true);
        var settings = new SmtpSettings("localhost", server.Port, "alerts", "secret", "Bank <alerts@bank.example>", StartTls: true, TimeSpan.FromSeconds(20))
        {
            Roots = SmtpSettings.ReadRoots(server.Certificate),
        };
        await using (var sender = new SmtpSender(settings, TimeProvider.System))
        {
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(SendResult.Delivered, await sender.SendAsync("ann@example.com", $"key-{i}", Content, CancellationToken.None));
            }

            Assert.Equal(1, sender.Connects);
        }

        Assert.All(server.Mails, mail => Assert.Contains("X-Secure: yes\r\nX-Login: alerts\r\n", mail));
        await using var otherName = new SmtpSender(settings with { Host = "127.0.0.1" }, TimeProvider.System);
        Assert.StartsWith("The connection can't be made secure (TLS)", (await otherName.SendAsync("ann@example.com", "key", Content, CancellationToken.None)).Problem);
        Assert.Equal(5, server.Mails.Count);
    }

    [SmtpFact]
    public async Task After_a_failure_the_next_message_goes_through()
    {
        using var server = await MailServer.StartAsync();
        await using var sender = SenderTo(server.Port, timeout: TimeSpan.FromSeconds(2));
        foreach (var trouble in (string[])["refuse", "cut", "hang", "busy"])
        {
            Assert.NotNull((await sender.SendAsync($"{trouble}@example.com", "key", Content, CancellationToken.None)).Problem);
            Assert.Equal(SendResult.Delivered, await sender.SendAsync("ann@example.com", "key", Content, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_server_that_is_away_is_in_trouble() =>
        Assert.Equal(new SendResult("The server can't be connected to."), await SendAsync(EngineProcess.FreePort(), "ann@example.com"));

    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for_for_long()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var result = await SendAsync(((IPEndPoint)silent.LocalEndpoint).Port, "ann@example.com", timeout: TimeSpan.FromSeconds(1));

        Assert.Equal(new SendResult("The server did not take it within 1 s."), result);
    }

    [Theory]
    [InlineData("ann@example.com\r\nBcc: bob@example.com")]
    [InlineData("ann@example.com, bob@example.com")]
    [InlineData("ann@example.com\n")]
    [InlineData("Ann <ann@example.com>")]
    [InlineData("")]
    public async Task What_is_not_exactly_one_address_gets_nothing(string to)
    {
        var result = await SendAsync(1, to);

        Assert.Equal((true, false), (result.IsPermanent, result.IsOfEndpoint));
    }

    [SmtpFact]
    public async Task A_subject_stays_one_line()
    {
        using var server = await MailServer.StartAsync();

        var sent = await SenderTo(server.Port).SendAsync("ann@example.com", "key-1", Content with { Subject = "One\r\nBcc: bob@example.com" }, CancellationToken.None);

        Assert.Equal(SendResult.Delivered, sent);
        var mail = Assert.Single(server.Mails);
        Assert.DoesNotContain("\nBcc:", mail);
        Assert.Contains("X-To: ann@example.com\r\n", mail);
    }

    [Theory]
    [InlineData("alerts@bank.example", true)]
    [InlineData("Example Bank <alerts@bank.example>", true)]
    [InlineData("a@bank.example, b@bank.example", false)]
    [InlineData("Bank <a@bank.example>\r\nBcc: b@bank.example", false)]
    [InlineData("bank", false)]
    public void A_sender_is_one_address(string from, bool isOne) => Assert.Equal(isOne, SmtpSender.SenderOf(from) is not null);

    private static SmtpSender SenderTo(int port, bool startTls = false, TimeSpan? timeout = null, string user = "", string password = "") =>
        new(new SmtpSettings("localhost", port, user, password, "Bank <alerts@bank.example>", startTls, timeout ?? TimeSpan.FromSeconds(20)), TimeProvider.System);

    private static async Task<SendResult> SendAsync(int port, string to, bool startTls = false, TimeSpan? timeout = null, string user = "", string password = "")
    {
        await using var sender = SenderTo(port, startTls, timeout, user, password);
        return await sender.SendAsync(to, "key-1", Content, CancellationToken.None);
    }
}
