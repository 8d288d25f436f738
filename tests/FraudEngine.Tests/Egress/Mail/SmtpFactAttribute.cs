using System.Diagnostics;
using FraudEngine.Tests.TransactionFeed;

namespace FraudEngine.Tests.Egress.Mail;

/// <summary>A test against an SMTP server, skipped where Debian's aiosmtpd is not installed.</summary>
public sealed class SmtpFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> IsInstalled = new(Look);

    public SmtpFactAttribute()
    {
        if (!IsInstalled.Value)
        {
            Skip = "Debian's python3-aiosmtpd is not installed (tools/install-test-needs).";
        }
    }

    private static bool Look()
    {
        if (!File.Exists(XgboostFactAttribute.Python))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(XgboostFactAttribute.Python, ["-c", "import aiosmtpd"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
