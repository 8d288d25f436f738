namespace FraudEngine.Egress.Mail;

/// <summary>Which server sends e-mail, and how it is spoken to.</summary>
/// <param name="User">Empty where there is no login.</param>
/// <param name="From">The sender, such as <c>Example Bank &lt;alerts@example.com&gt;</c>.</param>
/// <param name="StartTls">Whether nothing is sent before the connection is secure.</param>
/// <param name="Timeout">From connecting to the server's last answer.</param>
internal sealed record SmtpSettings(string Host, int Port, string User, string Password, string From, bool StartTls, TimeSpan Timeout);
