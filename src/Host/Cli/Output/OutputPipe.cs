using System.Runtime.InteropServices;

namespace Monolith.Host.Cli.Output;

/// <summary>
/// Standard output as a pipe whose reader may go away, as in <c>./run events tail | head -1</c>. The console of .NET drops what it cannot
/// write there without an error, and a verb that prints nothing for a while would not see one either: the operating system is asked.
/// </summary>
internal sealed partial class OutputPipe : IDisposable
{
    private const int StandardOutput = 1;
    private const int LongestPollMilliseconds = 1_000;

    private readonly CancellationTokenSource closed = new();
    private volatile bool disposed;

    /// <summary>Cancelled when nothing reads standard output any more.</summary>
    public CancellationToken Closed => closed.Token;

    /// <summary>Begins to watch; does nothing where standard output is no pipe.</summary>
    public void Watch()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
            return;
        new Thread(WaitUntilClosed) { IsBackground = true, Name = "output pipe" }.Start();
    }

    public void Dispose() => disposed = true;

    private void WaitUntilClosed()
    {
        while (!disposed)
        {
            // No event is requested: errors and hang-ups are reported all the same.
            var output = new PollDescriptor { FileDescriptor = StandardOutput };
            if (Poll(ref output, 1, LongestPollMilliseconds) <= 0)
                continue;
            if ((output.Returned & (PollDescriptor.Error | PollDescriptor.HangUp)) != 0)
                closed.Cancel();
            return;
        }
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMilliseconds);

    /// <summary><c>struct pollfd</c> of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public const short Error = 0x8;
        public const short HangUp = 0x10;

        public int FileDescriptor;
        public short Requested;
        public short Returned;
    }
}
