using System.Diagnostics;
using System.Text;

namespace FraudEngine.Tests.Hosting;

/// <summary>One of the project's programs as a process of its own, ended with the test.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    /// <param name="program">The assembly's name.</param>
    public ChildProcess(string program, string directory, params string[] args)
        : this("dotnet", directory, ["exec", Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. args], [])
    {
    }

    private ChildProcess(string file, string directory, string[] args, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(file, args) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>A project of the solution as the README runs it, <c>dotnet run</c>, in the configuration in which the tests were built.</summary>
    public static ChildProcess Run(string project, string directory, params string[] args)
    {
#if DEBUG
        const string configuration = "Debug";
#else
        const string configuration = "Release";
#endif
        return new ChildProcess("dotnet", directory, ["run", "-c", configuration, "--no-build", "--project", Path.Combine(Repository.Root, "src", project), "--", .. args], []);
    }

    /// <summary>One of the project's programs with something in its environment.</summary>
    public static ChildProcess WithEnvironment(string program, string directory, (string Name, string Value) variable, params string[] args) =>
        new("dotnet", directory, ["exec", Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. args], [variable]);

    /// <summary>Any other program.</summary>
    public static ChildProcess Of(string file, string directory, params string[] args) => new(file, directory, args, []);

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary><c>kill -9</c>.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Asks it to stop, as Ctrl-C or an orchestrator does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        using (Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await ExitAsync();
        }
    }

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The process did not end. It printed: {Output}");
        }

        return _process.ExitCode;
    }

    public Task UntilItPrintsAsync(string text) => Eventually.ThatAsync(() => Output.Contains(text, StringComparison.Ordinal), $"the process printed '{text}'");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
