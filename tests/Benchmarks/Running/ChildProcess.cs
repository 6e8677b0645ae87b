using System.Diagnostics;
using System.Globalization;

namespace Monolith.Benchmarks.Running;

/// <summary>
/// A .NET child process that does not outlive this process: a small shell holds the read end of a pipe and sends the program a stop
/// signal when the pipe closes.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string Script = """
        exec 3<&0 </dev/null
        "$@" 3<&- &
        child=$!
        echo "$child"
        (while read -r _ <&3; do :; done; kill -s TERM "$child") >/dev/null 2>&1 &
        watch=$!
        exec 3<&-
        wait "$child"
        status=$?
        # The shell would tell that it killed what watches.
        exec 2>/dev/null
        kill -s KILL "$watch"
        exit "$status"
        """;

    private const int LinesKept = 30;
    private const int LongestLine = 300;

    private static readonly TimeSpan StopAtMost = TimeSpan.FromSeconds(20);

    private readonly Process shell;
    private readonly Queue<string> lines = new();

    private ChildProcess(Process shell, int id)
    {
        this.shell = shell;
        Id = id;
    }

    /// <summary>The program's own process id.</summary>
    public int Id { get; }

    public static async Task<ChildProcess> StartAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            "/bin/sh",
            [
                "-c",
                Script,
                "child",
                Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
                program,
                .. arguments
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            // The program loads the settings files in its own folder.
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var shell = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start.");
        var id = int.Parse(await shell.StandardOutput.ReadLineAsync(cancellation) ?? "", CultureInfo.InvariantCulture);
        return new ChildProcess(shell, id);
    }

    /// <summary>The rest of the first output line that begins with a word; waits for it.</summary>
    /// <exception cref="InvalidOperationException">The program ended without such a line; the message has its last lines.</exception>
    public async Task<string> LineAsync(string word, CancellationToken cancellation)
    {
        while (await shell.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(word, StringComparison.Ordinal))
                return line[word.Length..].Trim();
            lines.Enqueue(line);
            if (lines.Count > LinesKept)
                lines.Dequeue();
        }

        throw new InvalidOperationException(
            $"A program ended without writing '{word}':{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
    }

    /// <summary>Copies the output of the program to standard error, so that its pipe never fills.</summary>
    public void Drain() => _ = Task.Run(async () =>
    {
        while (await shell.StandardOutput.ReadLineAsync() is { } line)
            await Console.Error.WriteLineAsync($"  {line[..Math.Min(line.Length, LongestLine)]}");
    });

    /// <summary>Waits for the program to exit.</summary>
    public async Task ExitAsync(CancellationToken cancellation)
    {
        await shell.WaitForExitAsync(cancellation);
        if (shell.ExitCode != 0)
            throw new InvalidOperationException(
                $"A program ended with {shell.ExitCode}:{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
    }

    /// <summary>Stops the program gracefully and waits for its exit.</summary>
    public async ValueTask DisposeAsync()
    {
        shell.StandardInput.Close();
        using var patience = new CancellationTokenSource(StopAtMost);
        try
        {
            await shell.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
        }

        shell.Dispose();
    }
}
