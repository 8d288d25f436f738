namespace FraudEngine.Tests.Hosting.Workers;

/// <summary>A fact about processes that share a listening socket, which they do on Linux.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Workers share a port on Linux only.";
        }
    }
}
