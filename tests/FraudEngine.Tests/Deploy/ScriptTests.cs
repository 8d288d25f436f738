using System.Diagnostics;

namespace FraudEngine.Tests.Deploy;

/// <summary>The project's shell scripts can be read by the shell, stop at their first error, and can be run.</summary>
public sealed class ScriptTests
{
    /// <summary>Read by others, and never run by themselves.</summary>
    private static readonly string[] Parts = ["deploy/local/common", "deploy/local/servers", "tools/cpu"];

    public static TheoryData<string> Scripts =>
    [
        "test", ".ci/run", "tools/install-servers", "tools/install-test-needs", "tools/bench", "tools/measure-cluster", "deploy/local/up", "deploy/local/down", .. Parts,
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_script_is_read_without_an_error(string script)
    {
        var path = Path.Combine(Repository.Root, script);
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-n", path]) { RedirectStandardError = true })!;
        Assert.Equal("", await bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.Equal(0, bash.ExitCode);
        if (!Parts.Contains(script))
        {
            Assert.StartsWith("#!/usr/bin/env bash\n", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
            Assert.Contains("\nset -euo pipefail\n", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), "It can't be run.");
        }
    }
}
