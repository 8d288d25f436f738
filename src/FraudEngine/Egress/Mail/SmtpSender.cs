using System.Globalization;
using FraudEngine.Domain.Customers;
using FraudEngine.Egress.Delivery;
using MailKit.Net.Smtp;
using MimeKit;

namespace FraudEngine.Egress.Mail;

/// <summary>Sends e-mail by SMTP. What is said of a failure is never the server's answer, which may repeat the address.</summary>
internal sealed class SmtpSender(SmtpSettings settings, TimeProvider clock) : IAsyncDisposable
{
    private readonly MailboxAddress _from = SenderOf(settings.From) ?? throw new ArgumentException("The sender is not one address.", nameof(settings));
    private readonly SmtpConnections _connections = new(settings, clock);

    /// <summary>Connections made so far.</summary>
    public int Connects => _connections.Connects;

    /// <summary>Null where the text is not exactly one address, with a name before it or without.</summary>
    public static MailboxAddress? SenderOf(string text) =>
        !text.Any(char.IsControl) && text.Count('@') == 1 && MailboxAddress.TryParse(text, out var address) && EmailAddress.IsOne(address.Address) ? address : null;

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
        SmtpClient? client = null;
        try
        {
            client = await _connections.TakeAsync(ending.Token);
            await client.SendAsync(message, ending.Token);
            return SendResult.Delivered;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new SendResult($"The server did not take it within {settings.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
        }
        catch (Exception reason) when (SmtpProblem.Of(reason, isConnecting: client is null) is { } result)
        {
            return result;
        }
        finally
        {
            if (client is not null)
            {
                _connections.Return(client);
            }
        }
    }

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private static TextPart PartOf(string subtype, string text) => new(subtype) { Text = text, ContentTransferEncoding = ContentEncoding.QuotedPrintable };

    private MimeMessage MessageOf(string to, string key, MailContent content)
    {
        var message = new MimeMessage
        {
            // A line break would begin another header.
            Subject = string.Concat(content.Subject.Select(static c => char.IsControl(c) ? ' ' : c)),
            Date = clock.GetUtcNow(),
            MessageId = $"{key}@{_from.Domain}",

            // The plainest first: of those that a reader can show, it shows the last.
            Body = new MultipartAlternative { PartOf("plain", content.Text), PartOf("html", content.Html) },
        };
        message.From.Add(_from);
        message.To.Add(new MailboxAddress(null, to));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }
}
