using System.Diagnostics;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>A test that trains a model, skipped where Debian's XGBoost is not installed.</summary>
public sealed class XgboostFactAttribute : FactAttribute
{
    public const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> IsInstalled = new(Look);

    public XgboostFactAttribute()
    {
        if (!IsInstalled.Value)
        {
            Skip = "Debian's python3-xgboost, python3-sklearn and python3-pandas are not installed (tools/install-test-needs).";
        }
    }

    private static bool Look()
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import pandas, sklearn, xgboost"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
