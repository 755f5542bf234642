"""What the history proves: keys, anchors, the verdict, and the packages that leave the house."""
