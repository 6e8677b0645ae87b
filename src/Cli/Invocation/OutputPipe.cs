using System.Runtime.InteropServices;

namespace Monolith.Cli.Invocation;

/// <summary>Detects that nothing reads standard output any more, as in <c>events tail | head -1</c>.</summary>
internal sealed partial class OutputPipe : IDisposable
{
    private const int StandardOutput = 1;
    private const int LongestPollMilliseconds = 1_000;

    // .NET's console ignores a failed write to a closed pipe, and a verb may print nothing for a long time: hence poll(2).
    private readonly CancellationTokenSource closed = new();
    private volatile bool disposed;

    /// <summary>Cancelled when the reader of standard output has closed it.</summary>
    public CancellationToken Closed => closed.Token;

    /// <summary>Starts watching, if standard output is redirected.</summary>
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
            // No event is requested: poll reports errors and hang-ups anyway.
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
