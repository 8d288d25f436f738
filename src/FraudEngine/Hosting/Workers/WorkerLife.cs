using System.Diagnostics;

namespace FraudEngine.Hosting.Workers;

/// <summary>One process of a worker, from its start to its end.</summary>
internal sealed class WorkerLife : IDisposable
{
    private readonly Process _process;

    private WorkerLife(Process process)
    {
        _process = process;
        Pid = process.Id;
        Exited = WaitAsync();
    }

    public int Pid { get; }

    /// <summary>Ends with the process, once all that it wrote has been read, and gives its exit code.</summary>
    public Task<int> Exited { get; }

    /// <summary>This program once more. The environment is inherited, so that what came by it, such as a password, stands on no command line.</summary>
    /// <param name="line">Told each line that the process writes.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The system has no room for another process.</exception>
    public static WorkerLife Start(IEnumerable<string> args, bool isColoured, Action<string> line)
    {
        var program = Environment.ProcessPath!;
        string[] before = Path.GetFileNameWithoutExtension(program) == "dotnet" ? ["exec", typeof(WorkerLife).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. before, .. args]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (isColoured)
        {
            start.Environment["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "1";
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, read) => Tell(read.Data);
        process.ErrorDataReceived += (_, read) => Tell(read.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new WorkerLife(process);

        void Tell(string? text)
        {
            if (text is not null)
            {
                line(text);
            }
        }
    }

    /// <summary>Asks it to stop, and kills it where it has not after <paramref name="patience"/>. Gives whether it had to be killed.</summary>
    public async Task<bool> EndAsync(TimeSpan patience, TimeProvider clock)
    {
        Signal(Posix.SigTerm);
        await Task.WhenAny(Exited, Task.Delay(patience, clock));
        var isSlow = !Exited.IsCompleted;
        Kill();
        await Exited;
        return isSlow;
    }

    public void Kill() => Signal(Posix.SigKill);

    public void Dispose() => _process.Dispose();

    private void Signal(int signal)
    {
        if (!Exited.IsCompleted)
        {
            Posix.Signal(Pid, signal);
        }
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }
}
