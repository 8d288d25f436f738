using FraudEngine.Egress.Delivery;
using FraudEngine.Egress.Mail;

namespace FraudEngine.Hosting;

/// <summary>How alerts go out by e-mail.</summary>
public sealed class EmailOptions
{
    public const string Section = "Email";

    /// <summary>Counted from when an alert was raised: quiet hours take up to one of these days.</summary>
    internal static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(2);

    private const int AlertsMax = 50;

    /// <summary>The SMTP server; empty where no e-mail is sent.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>The sender, such as <c>Example Bank &lt;alerts@example.com&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>Whether the connection must be made secure by STARTTLS before anything is sent; at port 465 it is so from the beginning.</summary>
    public bool StartTls { get; set; } = true;

    /// <summary>A file in PEM of authorities that may sign the server's certificate, besides the system's; empty for none.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Connections at a time.</summary>
    public int Concurrency { get; set; } = 4;

    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an alert waits for others of its account, to become one message.</summary>
    public TimeSpan GroupWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A folder with a bank's own templates, which stand in for the shipped ones of the same names; empty for none.</summary>
    public string TemplatesPath { get; set; } = "";

    /// <summary>Messages per account and hour; what is above goes with the next.</summary>
    public int PerHourMax { get; set; } = 6;

    /// <summary>Reads <see cref="CaFile"/>. Throws <see cref="InvalidDataException"/> where that can't be used.</summary>
    internal SmtpSettings ToSettings() => new(Host, Port, User, Password, From, StartTls, Timeout) { ConnectionsMax = Concurrency, Roots = SmtpSettings.ReadRoots(CaFile) };

    internal Grouping ToGrouping() => new(GroupWait, PerHourMax, AlertsMax);

    internal IEnumerable<string> Problems()
    {
        if (Host.Length > 0 && From.Length == 0)
        {
            yield return "Email:From is empty, but e-mail is sent (Email:Host): say from whom, such as \"Example Bank <alerts@example.com>\".";
        }

        if (From.Length > 0 && SmtpSender.SenderOf(From) is null)
        {
            yield return $"Email:From is '{From}', but must be one address, such as \"Example Bank <alerts@example.com>\".";
        }

        if (TemplatesPath.Length > 0 && !Directory.Exists(TemplatesPath))
        {
            yield return $"Email:TemplatesPath is '{TemplatesPath}', but there is no such folder.";
        }

        if (Port is < 1 or > 65535)
        {
            yield return $"Email:Port is {Port}, but must be from 1 to 65535.";
        }

        if (Concurrency is < 1 or > 100)
        {
            yield return $"Email:Concurrency is {Concurrency}, but must be from 1 to 100.";
        }

        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(10))
        {
            yield return $"Email:Timeout is {Timeout}, but must be from 00:00:01 to 00:10:00.";
        }

        if (GroupWait < TimeSpan.Zero || GroupWait > TimeSpan.FromHours(1))
        {
            yield return $"Email:GroupWait is {GroupWait}, but must be from 00:00:00 to 01:00:00.";
        }

        if (PerHourMax is < 1 or > 10_000)
        {
            yield return $"Email:PerHourMax is {PerHourMax}, but must be from 1 to 10000.";
        }
    }
}
