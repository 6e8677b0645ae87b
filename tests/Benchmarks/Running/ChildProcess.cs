using System.Diagnostics;
using System.Globalization;

namespace Monolith.Benchmarks.Running;

/// <summary>
/// A .NET program of its own, which lives no longer than this process: a small shell holds the reading end of a pipe from here and asks the
/// program to stop when the pipe closes, however that happens.
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
            // Settings beside the program are its own.
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var shell = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start.");
        var id = int.Parse(await shell.StandardOutput.ReadLineAsync(cancellation) ?? "", CultureInfo.InvariantCulture);
        return new ChildProcess(shell, id);
    }

    /// <summary>What stands behind a word at the start of a line, once the program has written such a line.</summary>
    /// <exception cref="InvalidOperationException">The program ended without it; the message has its last lines.</exception>
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
            $"A program ended without saying '{word}':{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
    }

    /// <summary>Passes what the program says to standard error, so that its pipe never fills.</summary>
    public void Drain() => _ = Task.Run(async () =>
    {
        while (await shell.StandardOutput.ReadLineAsync() is { } line)
            await Console.Error.WriteLineAsync($"  {line[..Math.Min(line.Length, LongestLine)]}");
    });

    /// <summary>Waits for the program to end by itself.</summary>
    public async Task ExitAsync(CancellationToken cancellation)
    {
        await shell.WaitForExitAsync(cancellation);
        if (shell.ExitCode != 0)
            throw new InvalidOperationException(
                $"A program ended with {shell.ExitCode}:{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
    }

    /// <summary>Asks the program to stop, and returns when it is gone.</summary>
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
