using System.Globalization;
using System.Net.Sockets;
using FraudEngine.Egress.Delivery;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace FraudEngine.Egress.Mail;

/// <summary>What went wrong with an e-mail, and whether with it alone.</summary>
internal static class SmtpProblem
{
    private const int ServiceNotAvailable = 421;

    /// <summary>Null where nobody foresaw it.</summary>
    /// <param name="isConnecting">Whether there was no connection yet.</param>
    public static SendResult? Of(Exception reason, bool isConnecting) => reason switch
    {
        SmtpCommandException refused => OfAnswer(refused.ErrorCode, (int)refused.StatusCode),
        AuthenticationException => new SendResult("The server refuses the login (Email:User, Email:Password)."),
        ServiceNotAuthenticatedException => new SendResult("The server asks for a login (Email:User, Email:Password)."),
        SslHandshakeException => new SendResult("The connection can't be made secure (TLS): the certificate is not trusted, or not of the server's name (Email:CaFile)."),
        NotSupportedException when isConnecting => new SendResult("The server does not offer what is asked of it, and nothing is sent in the clear (Email:StartTls, Email:User)."),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => new SendResult("The server's name is not found."),
        SocketException => new SendResult("The server can't be connected to."),
        ProtocolException or IOException or ServiceNotConnectedException or ObjectDisposedException =>
            new SendResult(isConnecting ? "The connection broke off before the server took anything." : "The connection broke off; the message may have arrived."),
        _ => null,
    };

    private static SendResult OfAnswer(SmtpErrorCode about, int status)
    {
        var code = status.ToString(CultureInfo.InvariantCulture);
        var isForGood = status >= 500;
        return about switch
        {
            // A sender who is refused is not set up with the server: that is about every message.
            SmtpErrorCode.SenderNotAccepted => new SendResult($"The server refuses the sender ({code}, Email:From)."),
            SmtpErrorCode.RecipientNotAccepted when isForGood => new SendResult($"The server refuses the address ({code}).", IsPermanent: true, IsOfEndpoint: false),
            SmtpErrorCode.RecipientNotAccepted => new SendResult($"The server does not take mail for the address now ({code}).", IsOfEndpoint: status == ServiceNotAvailable),
            SmtpErrorCode.MessageNotAccepted when isForGood => new SendResult($"The server refuses the message ({code}).", IsPermanent: true, IsOfEndpoint: false),
            SmtpErrorCode.MessageNotAccepted => new SendResult($"The server does not take the message now ({code})."),
            SmtpErrorCode.UnexpectedStatusCode => new SendResult($"The server answered {code}."),
        };
    }
}
