namespace FraudEngine.Hosting.Workers;

/// <summary>
/// Ties a worker's life to its supervisor's: its input is a pipe whose other end only the supervisor holds, so it ends when the supervisor has ended, however that came. Then
/// the worker is killed: what it has answered is stored, and a worker that lived on would keep the port from the next supervisor. (Linux's parent-death signal is sent when the
/// *thread* ends that started the worker, and .NET's pool threads do.)
/// </summary>
internal static class Tether
{
    public static void Watch() => new Thread(static () =>
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[16];
        while (input.Read(buffer) > 0)
        {
        }

        Posix.Signal(Environment.ProcessId, Posix.SigKill);
    })
    { IsBackground = true, Name = "Tether" }.Start();
}
