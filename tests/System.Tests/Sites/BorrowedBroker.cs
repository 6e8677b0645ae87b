namespace Monolith.System.Tests.Sites;

/// <summary>A shared broker that is one test's alone until it is disposed.</summary>
/// <param name="BootstrapServers">Its address.</param>
/// <param name="GiveBack">Gives it to the next test.</param>
public sealed record BorrowedBroker(string BootstrapServers, Action GiveBack) : IDisposable
{
    public void Dispose() => GiveBack();
}
