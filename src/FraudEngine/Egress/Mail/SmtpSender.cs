using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using FraudEngine.Domain.Customers;
using FraudEngine.Egress.Delivery;

namespace FraudEngine.Egress.Mail;

/// <summary>
/// Sends e-mail by SMTP, one connection per message, with the framework's own client: it asks for no further package. The certificate of a server is checked
/// against the machine's store. What is said of a failure is never the server's answer, which may repeat the address.
/// </summary>
internal sealed class SmtpSender(SmtpSettings settings, TimeProvider clock)
{
    private readonly MailAddress _from = SenderOf(settings.From) ?? throw new ArgumentException("The sender is not one address.", nameof(settings));

    /// <summary>Null where the text is not exactly one address, with a name before it or without.</summary>
    public static MailAddress? SenderOf(string text) =>
        !text.Any(char.IsControl) && text.Count('@') == 1 && MailAddress.TryCreate(text, out var address) && EmailAddress.IsOne(address.Address) ? address : null;

    /// <summary>Never throws, but where it is cancelled.</summary>
    /// <param name="key">The same for the same message: its Message-ID is made from it, by which a receiver knows what it has already.</param>
    public async Task<SendResult> SendAsync(string to, string key, MailContent content, CancellationToken cancellation)
    {
        if (!EmailAddress.IsOne(to))
        {
            return new SendResult("The customer's address is not one that e-mail can be sent to.", IsPermanent: true, IsOfEndpoint: false);
        }

        using var patience = new CancellationTokenSource(settings.Timeout, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        using var message = MessageOf(to, key, content);
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.StartTls };
        if (settings.User.Length > 0)
        {
            client.Credentials = new NetworkCredential(settings.User, settings.Password);
        }

        try
        {
            await client.SendMailAsync(message, ending.Token);
            return SendResult.Delivered;
        }
        catch (Exception reason) when (reason is OperationCanceledException or SmtpException or IOException or SocketException or AuthenticationException or ObjectDisposedException)
        {
            // One that is cancelled may end as a connection that broke off.
            cancellation.ThrowIfCancellationRequested();
            return patience.IsCancellationRequested
                ? new SendResult($"The server did not take it within {settings.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.")
                : ResultOf(reason);
        }
    }

    private static SendResult ResultOf(Exception reason)
    {
        if (reason is SmtpException { StatusCode: not SmtpStatusCode.GeneralFailure } refusal)
        {
            return ResultOf((int)refusal.StatusCode, reason is SmtpFailedRecipientException);
        }

        for (var cause = reason; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return new SendResult("The connection can't be made secure (TLS).");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return new SendResult("The server's name is not found.");
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut }:
                    return new SendResult("The server can't be connected to.");
                default:
                    break;
            }
        }

        // Nothing but the wording of the exception tells a server without STARTTLS, or a login that neither side knows, from one that breaks off.
        return new SendResult("The connection broke off, or the server does not offer what is asked of it (Email:StartTls, Email:User).");
    }

    /// <summary>
    /// By the status code of the answer. The client says that an answer was to the recipient for the usual codes of such answers only; of others it is not known
    /// what they were to, so that they are no reason to give up.
    /// </summary>
    private static SendResult ResultOf(int status, bool isOfRecipient)
    {
        var code = status.ToString(CultureInfo.InvariantCulture);
        return (status, isOfRecipient) switch
        {
            ( >= 500, true) => new SendResult($"The server refuses the address ({code}).", IsPermanent: true, IsOfEndpoint: false),
            (_, true) => new SendResult($"The server does not take mail for the address now ({code}).", IsOfEndpoint: false),
            (530 or 534 or 535 or 538, _) => new SendResult($"The server refuses the login ({code})."),
            (454, _) => new SendResult($"The server can't make the connection secure or check the login now ({code})."),
            (450 or 451 or 452, _) => new SendResult($"The server does not take the message now ({code}).", IsOfEndpoint: false),
            (501 or 554 or 555, _) => new SendResult($"The server refuses the message ({code}).", IsOfEndpoint: false),
            _ => new SendResult($"The server answered {code}."),
        };
    }

    private static AlternateView ViewOf(string text, string type)
    {
        var view = AlternateView.CreateAlternateViewFromString(text, Encoding.UTF8, type);
        view.TransferEncoding = TransferEncoding.QuotedPrintable;
        return view;
    }

    private MailMessage MessageOf(string to, string key, MailContent content)
    {
        var message = new MailMessage(_from, new MailAddress(to))
        {
            // A line break would begin another header.
            Subject = string.Concat(content.Subject.Select(static c => char.IsControl(c) ? ' ' : c)),
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        message.Headers.Add("Message-ID", $"<{key}@{_from.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");

        // The plainest first: of those that a reader can show, it shows the last.
        message.AlternateViews.Add(ViewOf(content.Text, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(ViewOf(content.Html, MediaTypeNames.Text.Html));
        return message;
    }
}
