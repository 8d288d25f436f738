namespace FraudEngine.Egress.Mail;

/// <summary>What an e-mail says, in both of its forms.</summary>
/// <param name="Subject">One line.</param>
internal sealed record MailContent(string Subject, string Text, string Html);
