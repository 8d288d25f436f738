namespace FraudEngine.Tests;

/// <summary>Fault tests have a short form for every run and a full one for <c>./test --soak</c>.</summary>
internal static class Soak
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("FRAUDENGINE_SOAK") == "1";

    public static int Times(int shortForm, int fullForm) => IsOn ? fullForm : shortForm;
}
